// The pure parts of the link: exchanges under way, the inbound qos 2 store, the broker's rules.
#include "mqtt_backend/link/flights.hpp"
#include "mqtt_backend/link/qos2_store.hpp"
#include "mqtt_backend/link/server_rules.hpp"

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
  }));
  CHECK(fault_of_server_packet(bad));
}
