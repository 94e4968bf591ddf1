// The pure parts of the link: exchanges under way, the inbound qos 2 store, the broker's rules.
#include "mqtt_backend/link/awaited.hpp"
#include "mqtt_backend/link/deliveries.hpp"
#include "mqtt_backend/link/flights.hpp"
#include "mqtt_backend/link/qos2_store.hpp"
#include "mqtt_backend/link/server_rules.hpp"
#include "mqtt_backend/link/stand_in.hpp"

#include <catch2/catch.hpp>

using namespace mqtt_backend;

namespace {

Flight flight(PacketType type, int qos = 0) {
  Flight wanted;
  wanted.type = type;
  wanted.qos = qos;
  return wanted;
}

Packet publish(std::uint16_t id, std::size_t payload = 1) {
  Packet body;
  append_text(body, "t");
  append_u16(body, id);
  body.resize(body.size() + payload);
  return make_packet(0x34, body);
}

}  // namespace

TEST_CASE("packets of the library get the identifiers of the requests in order") {
  Flights flights;
  REQUIRE(flights.expect(1, flight(PacketType::subscribe), 40000));
  REQUIRE(flights.expect(2, flight(PacketType::publish, 2), 40000));
  REQUIRE(flights.expecting());
  Packet subscribe = {0x82, 6, 0, 1, 0, 1, 'a', 0};
  REQUIRE(flights.arrived(subscribe)->ticket == 1);
  CHECK(id_of(subscribe) == 40000);
  Packet message = publish(2);
  REQUIRE(flights.arrived(message)->ticket == 2);
  CHECK(id_of(message) == 61439);
  CHECK_FALSE(flights.expecting());
  CHECK(flights.on_wire(61439)->ticket == 2);
  CHECK(flights.in_library(2)->ticket == 2);
  CHECK_FALSE(flights.in_library(1));
  flights.finish(1);
  CHECK_FALSE(flights.on_wire(40000));
}

TEST_CASE("a packet that was not asked for is a disagreement") {
  Flights flights;
  Packet message = publish(1);
  CHECK_FALSE(flights.arrived(message));
  REQUIRE(flights.expect(1, flight(PacketType::publish, 1), 1));
  CHECK_FALSE(flights.arrived(message));
  CHECK(flights.expecting());
}

TEST_CASE("an exchange is found by what it is, and not once it is over") {
  Flights flights;
  REQUIRE(flights.expect(1, flight(PacketType::publish, 1), 0));
  REQUIRE(flights.expect(2, flight(PacketType::publish, 2), 0));
  Packet of_one = publish(7);
  of_one[0] = 0x32;
  REQUIRE(flights.arrived(of_one));
  CHECK_FALSE(flights.in_library(7));
  Packet subscribe = {0x82, 6, 0, 8, 0, 1, 'a', 0};
  CHECK_FALSE(flights.arrived(subscribe));
  CHECK_FALSE(flights.in_library(0));
  Packet of_two = publish(8);
  REQUIRE(flights.arrived(of_two));
  REQUIRE(flights.in_library(8));
  CHECK_FALSE(flights.awaits_pubrel());
  flights.in_library(8)->flight->received = true;
  CHECK(flights.awaits_pubrel());
  flights.in_library(8)->flight->pubrel = {0x62, 2, 0, 8};
  CHECK_FALSE(flights.awaits_pubrel());
  CHECK(flights.find(2) != nullptr);
  flights.finish(2);
  CHECK(flights.find(2) == nullptr);
}

TEST_CASE("only the message that is next is taken from what is to be delivered") {
  Deliveries deliveries;
  CHECK_FALSE(deliveries.take("t", 2));
  deliveries.push(7, publish(7));
  CHECK_FALSE(deliveries.take("u", 2));
  CHECK_FALSE(deliveries.take("t", 1));
  REQUIRE(deliveries.take("t", 2));
  CHECK(deliveries.empty());
}

TEST_CASE("the number of exchanges is limited") {
  Flights flights;
  for (Ticket ticket = 1; ticket <= Flights::max_flights; ++ticket)
    REQUIRE(flights.expect(ticket, flight(PacketType::publish, 1), 0));
  CHECK_FALSE(flights.expect(5000, flight(PacketType::publish, 1), 0));
}

TEST_CASE("an inbound qos 2 message is released once a link, and inherited until delivered") {
  Qos2Store store;
  REQUIRE(store.keep(publish(7)));
  CHECK(store.release(7) == Qos2Store::Release::here);
  CHECK(store.release(7) == Qos2Store::Release::unknown);
  store.next_link();
  CHECK(store.release(7) == Qos2Store::Release::inherited);
  store.delivered(7);
  store.next_link();
  CHECK(store.size() == 0);
  CHECK(store.release(7) == Qos2Store::Release::unknown);
}

TEST_CASE("the qos 2 store is bounded in bytes") {
  Qos2Store store;
  std::uint16_t id = 1;
  while (store.keep(publish(id, 100'000))) ++id;
  CHECK(id == Qos2Store::max_bytes / 100'000 + 1);
  store.clear();
  CHECK(store.keep(publish(1, 100'000)));
  CHECK(store.keep(publish(1, 200'000)));
  CHECK(store.size() == 1);
}

TEST_CASE("what a broker may send") {
  const Packet good = GENERATE(values<Packet>({
      {0x20, 2, 1, 0},
      {0x20, 2, 0, 5},
      {0x30, 3, 0, 1, 'a'},
      {0x3D, 5, 0, 1, 'a', 0, 1},
      {0x62, 2, 0, 1},
      {0x6A, 2, 0, 1},
      {0x90, 5, 0, 1, 0, 2, 0x80},
      {0xB0, 2, 0, 1},
      {0xD0, 0},
  }));
  CHECK_FALSE(fault_of_server_packet(good));
}

TEST_CASE("what a broker may not send") {
  const Packet bad = GENERATE(values<Packet>({
      {0x20, 2, 0, 6},
      {0x21, 2, 0, 0},
      {0x20, 1, 0},
      {0x32, 4, 0, 1, 'a', 0},
      {0x36, 5, 0, 1, 'a', 0, 1},
      {0x30, 3, 0, 1, '+'},
      {0x80, 0},
      {0xD0, 1, 0},
      {0x30, 2, 0, 0},
      {0x30, 3, 0, 1, 0xFF},
      {0x90, 2, 0, 1},
      {0x30},
      {},
  }));
  CHECK(fault_of_server_packet(bad));
}

TEST_CASE("an answer is awaited from its packet on until it comes") {
  struct Exchange {
    Packet packet;
    Packet answer;
  };
  const auto exchange = GENERATE(
      Exchange{{0x10, 0}, {0x20, 2, 0, 0}}, Exchange{{0x32, 5, 0, 1, 't', 1, 2}, {0x40, 2, 1, 2}},
      Exchange{{0x34, 5, 0, 1, 't', 1, 2}, {0x50, 2, 1, 2}},
      Exchange{{0x62, 2, 1, 2}, {0x70, 2, 1, 2}}, Exchange{{0x82, 2, 1, 2}, {0x90, 3, 1, 2, 0}},
      Exchange{{0xA2, 2, 1, 2}, {0xB0, 2, 1, 2}}, Exchange{{0xC0, 0}, {0xD0, 0}});
  CAPTURE(name_of(type_of(exchange.packet)));
  Awaited awaited;
  awaited.sent(exchange.packet);
  CHECK(awaited.any());
  CHECK(awaited.came({0x40, 2, 9, 9}));
  CHECK(awaited.any());
  CHECK(awaited.came(exchange.answer));
  CHECK_FALSE(awaited.any());
}

TEST_CASE("nothing is awaited for what nobody answers, and once for what is sent twice") {
  Awaited awaited;
  awaited.sent({0x30, 3, 0, 1, 't'});
  awaited.sent({0x40, 2, 0, 1});
  awaited.sent({0xE0, 0});
  CHECK_FALSE(awaited.any());
  awaited.sent({0x32, 5, 0, 1, 't', 0, 7});
  awaited.sent({0x3A, 5, 0, 1, 't', 0, 7});
  awaited.came({0x40, 2, 0, 7});
  CHECK_FALSE(awaited.any());
}

TEST_CASE("PINGRESPs are told apart by the order of their PINGREQs") {
  const Packet ping{0xC0, 0};
  const Packet pong{0xD0, 0};
  Awaited awaited;
  awaited.sent(ping, Awaited::Sender::relay);
  CHECK_FALSE(awaited.any());
  awaited.sent(ping);
  awaited.sent(ping, Awaited::Sender::relay);
  CHECK(awaited.any());
  CHECK_FALSE(awaited.came(pong));
  CHECK(awaited.any());
  CHECK(awaited.came(pong));
  CHECK_FALSE(awaited.any());
  CHECK_FALSE(awaited.came(pong));
  CHECK(awaited.came(pong));
  for (std::size_t i = 0; i < Awaited::max_pings; ++i) awaited.sent(ping, Awaited::Sender::relay);
  CHECK_FALSE(awaited.may_ping());
}

TEST_CASE("somebody pings in the module's place only while its clock keeps it from that") {
  using namespace std::chrono_literals;
  // keepalive 100 s; scale at CONNECT; real and virtual seconds since a packet; rate now
  CHECK_FALSE(needs_stand_in({100s, 1, 74s, 74s, 1}));
  CHECK_FALSE(needs_stand_in({100s, 1, 99s, 99s, 1}));
  CHECK_FALSE(needs_stand_in({100s, 10, 99s, 990s, 10}));
  CHECK_FALSE(needs_stand_in({100s, 1, 74s, 0s, 0}));
  CHECK(needs_stand_in({100s, 1, 75s, 0s, 0}));
  CHECK(needs_stand_in({100s, 1, 75s, 60s, 0}));
  CHECK(needs_stand_in({100s, 10, 75s, 75s, 1}));
  CHECK_FALSE(needs_stand_in({100s, 1, 75s, 60s, 1}));
  CHECK(needs_stand_in({100s, 1, 75s, 49s, 1}));
  CHECK_FALSE(needs_stand_in({100s, 1, 75s, 0s, 10}));
  // It should have pinged by itself.
  CHECK_FALSE(needs_stand_in({100s, 1, 110s, 110s, 1}));
  CHECK_FALSE(needs_stand_in({100s, 1, 110s, 100s, 0}));
}
