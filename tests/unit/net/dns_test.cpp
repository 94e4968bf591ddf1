// Names asked at the DNS servers of a context (AT+QIDNSCFG), at servers that answer well or badly.
#include "net/dns_question.hpp"
#include "net/resolver.hpp"
#include "tests/support/dns_server.hpp"
#include "tests/unit/pty/host.hpp"

#include <arpa/nameser.h>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace net;
using namespace std::chrono_literals;
using boost::system::error_code;
using support::DnsServer;
using Manner = DnsServer::Manner;

namespace {

constexpr const char* primary = "203.0.113.1";
constexpr const char* secondary = "203.0.113.2";

/// A resolver whose system knows no name, and what it said last.
struct Asker {
  // Longer than any of these tests.
  Asker() { resolver->set_patience({1h, 1}); }

  void turn(const char* server, std::uint16_t port) {
    REQUIRE(resolver->rules().add(fmt::format("{}:53=127.0.0.1:{}", server, port)));
  }

  void ask(const std::string& name, DnsQuestion::Families families = DnsQuestion::Families::ipv4) {
    said.clear();
    question = resolver->start({name, 1883}, {servers, families},
                               [this](error_code error, const Resolver::Answer& answer) {
                                 said = error ? error.message() : "found";
                                 failure = error;
                                 found = answer;
                               });
    CHECK(said.empty());
  }

  /// The addresses, and how long they hold.
  std::string answer(const std::string& name,
                     DnsQuestion::Families families = DnsQuestion::Families::ipv4) {
    ask(name, families);
    if (!pty_test::run_until(io, [&] { return !said.empty(); })) return "no answer";
    std::string text;
    if (failure) return "none";
    for (const auto& endpoint : found.endpoints) {
      CHECK(endpoint.port() == 1883);
      text += endpoint.address().to_string() + ' ';
    }
    return text + (found.ttl ? fmt::format("for {} s", found.ttl->count()) : "for ever");
  }

  boost::asio::io_context io;
  std::atomic<int> asked_of_system{0};
  std::unique_ptr<Resolver> resolver = std::make_unique<Resolver>(
      io, [this](const std::string&, std::uint16_t port, error_code&) -> Resolver::Endpoints {
        ++asked_of_system;
        return {{boost::asio::ip::make_address("192.0.2.9"), port}};
      });
  std::vector<std::string> servers{primary, secondary};
  std::unique_ptr<DnsQuestion> question;
  std::string said;
  error_code failure;
  Resolver::Answer found;
};

using Heard = std::vector<std::string>;

}  // namespace

TEST_CASE("a name is asked at the first server of the context, its ttl is told [NETX-9][NETX-10]") {
  DnsServer one;
  DnsServer two;
  one.knows("www.example", {{"192.0.2.1", 300}, {"192.0.2.2", 60}, {"2001:db8::1", 20}});
  Asker asker;
  asker.turn(primary, one.port());
  asker.turn(secondary, two.port());
  CHECK(asker.answer("www.example") == "192.0.2.1 192.0.2.2 for 60 s");
  CHECK(one.heard() == Heard{"A www.example UDP"});
  CHECK(two.heard().empty());
  CHECK(asker.answer("www.example", DnsQuestion::Families::both) ==
        "192.0.2.1 192.0.2.2 2001:db8::1 for 20 s");
  CHECK(asker.answer("other.example") == "none");
  CHECK(asker.failure == boost::asio::error::host_not_found);
  CHECK(two.heard().empty());
  CHECK(asker.asked_of_system == 0);
}

TEST_CASE("one family is enough [NETX-9]") {
  DnsServer server;
  server.knows("four.example", {{"192.0.2.1", 30}});
  server.knows("six.example", {{"2001:db8::1", 40}});
  Asker asker;
  asker.turn(primary, server.port());
  asker.servers = {primary};
  CHECK(asker.answer("four.example", DnsQuestion::Families::both) == "192.0.2.1 for 30 s");
  CHECK(asker.answer("six.example", DnsQuestion::Families::both) == "2001:db8::1 for 40 s");
  CHECK(asker.answer("six.example") == "none");
}

TEST_CASE("silence or a failure of the first server leads to the second [NETX-9][NETX-11]") {
  DnsServer one(GENERATE(Manner::silent, Manner::failing));
  DnsServer two;
  two.knows("www.example", {{"192.0.2.1", 60}});
  Asker asker;
  asker.resolver->set_patience({100ms, 5});
  asker.turn(primary, one.port());
  asker.turn(secondary, two.port());
  CHECK(asker.answer("www.example") == "192.0.2.1 for 60 s");
  CHECK(one.heard().front() == "A www.example UDP");
  CHECK(two.heard().front() == "A www.example UDP");
}

TEST_CASE(
    "nobody answers: each server is asked in each round, then there is no address [NETX-10]") {
  DnsServer one(Manner::silent);
  DnsServer two(Manner::silent);
  Asker asker;
  asker.resolver->set_patience({20ms, 2});
  asker.turn(primary, one.port());
  asker.turn(secondary, two.port());
  CHECK(asker.answer("www.example") == "none");
  CHECK(asker.failure == boost::asio::error::timed_out);
  CHECK(pty_test::run_until(asker.io,
                            [&] { return one.heard().size() == 2 && two.heard().size() == 2; }));
}

TEST_CASE("nobody is there: that is known at once [NETX-10]") {
  Asker asker;
  std::uint16_t port = 0;
  {
    const DnsServer gone;
    port = gone.port();
  }
  asker.turn(primary, port);
  asker.servers = {primary};
  CHECK(asker.answer("www.example") == "none");
}

TEST_CASE("an answer that is cut is asked for over TCP [NETX-9]") {
  DnsServer server(Manner::cut);
  server.knows("www.example", {{"192.0.2.1", 60}});
  Asker asker;
  asker.turn(primary, server.port());
  asker.servers = {primary};
  CHECK(asker.answer("www.example") == "192.0.2.1 for 60 s");
  CHECK(server.heard() == Heard{"A www.example UDP", "A www.example TCP"});
}

TEST_CASE("what is no answer to the question is passed over [NETX-9]") {
  DnsServer server(GENERATE(Manner::wrong_id, Manner::wrong_question, Manner::noise));
  server.knows("www.example", {{"192.0.2.1", 60}});
  Asker asker;
  asker.turn(primary, server.port());
  asker.servers = {primary};
  CHECK(asker.answer("www.example") == "192.0.2.1 for 60 s");
}

TEST_CASE("an answer that cannot be read has no address [NETX-10]") {
  DnsServer server(GENERATE(Manner::looping, Manner::too_short, Manner::empty));
  server.knows("www.example", {{"192.0.2.1", 60}});
  Asker asker;
  asker.turn(primary, server.port());
  asker.servers = {primary};
  CHECK(asker.answer("www.example") == "none");
}

TEST_CASE("addresses of an answer, and its bytes, have limits [NETX-10]") {
  DnsServer server(Manner::cut);
  std::vector<DnsServer::Record> records;
  for (int i = 1; i <= 250; ++i) records.push_back({fmt::format("192.0.2.{}", i), 60});
  // 30 bytes of header and question, 16 a record: 4094, then 4110.
  server.knows("many.example", records);
  records.resize(254, records.front());
  server.knows("most.example", records);
  records.push_back(records.front());
  server.knows("more.example", records);
  Asker asker;
  asker.turn(primary, server.port());
  asker.servers = {primary};
  std::string first;
  for (int i = 1; i <= 16; ++i) first += fmt::format("192.0.2.{} ", i);
  CHECK(asker.answer("many.example") == first + "for 60 s");
  CHECK(asker.answer("most.example") == first + "for 60 s");
  CHECK(asker.answer("more.example") == "none");
}

TEST_CASE("no answer, however it is cut or changed, does harm [NETX-10]") {
  const auto whole =
      support::dns_answer("www.example", {{"192.0.2.1", 60}, {"192.0.2.2", 0x80000000}});
  const auto found = addresses_in(whole, ns_t_a);
  REQUIRE(found.addresses.size() == 2);
  CHECK(found.ttl == 0s);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<unsigned char> part(whole.begin(),
                                          whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(addresses_in(part, ns_t_a).addresses.empty());
    CHECK(addresses_in(part, ns_t_aaaa).addresses.empty());
  }
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const std::uint8_t byte : std::vector<std::uint8_t>{0, 1, 0x3F, 0x7F, 0x80, 0xC0, 0xFF}) {
      auto changed = whole;
      changed[at] = byte;
      CHECK(addresses_in(changed, ns_t_a).addresses.size() <= DnsQuestion::max_addresses);
      CHECK(addresses_in(changed, ns_t_aaaa).addresses.size() <= DnsQuestion::max_addresses);
    }
}

TEST_CASE("names that DNS can be asked for [NETX-9]") {
  const std::string label(63, 'a');
  const std::string longest = label + '.' + label + '.' + label + '.' + label.substr(2);
  REQUIRE(longest.size() == 253);
  for (const auto& name :
       {std::string("a"), std::string("A-1_b.example."), label, longest, longest + '.'})
    CHECK(is_dns_name(name));
  for (const auto& name : {std::string(), std::string("."), std::string("a..b"), std::string(".a"),
                           std::string("a.."), label + 'a', longest + 'a', std::string("a b"),
                           std::string("a\\.b"), std::string("a\0b", 3), std::string("\xC3\xA4")})
    CHECK_FALSE(is_dns_name(name));
  DnsServer server;
  Asker asker;
  asker.turn(primary, server.port());
  CHECK(asker.answer("a..b") == "none");
  CHECK(server.heard().empty());
}

TEST_CASE("rules go before the servers, and what they lead to is the system's [NETX-9]") {
  DnsServer server;
  server.knows("www.example", {{"192.0.2.1", 60}});
  Asker asker;
  asker.turn(primary, server.port());
  REQUIRE(asker.resolver->rules().add("here.example=127.0.0.9"));
  REQUIRE(asker.resolver->rules().add("there.example=www.example"));
  CHECK(asker.answer("here.example") == "127.0.0.9 for ever");
  CHECK(asker.answer("192.0.2.7") == "192.0.2.7 for ever");
  CHECK(asker.asked_of_system == 0);
  CHECK(asker.answer("there.example") == "192.0.2.9 for ever");
  CHECK(asker.asked_of_system == 1);
  CHECK(server.heard().empty());
  asker.servers.clear();
  CHECK(asker.answer("www.example") == "192.0.2.9 for ever");
  CHECK(server.heard().empty());
}

TEST_CASE("servers that are none are left out, and no more than two are asked [NETX-11]") {
  DnsServer silent(Manner::silent);
  DnsServer third;
  third.knows("www.example", {{"192.0.2.1", 60}});
  Asker asker;
  asker.turn(primary, silent.port());
  asker.turn(secondary, silent.port());
  asker.turn("203.0.113.3", third.port());
  asker.servers = {primary, secondary, "203.0.113.3"};
  asker.resolver->set_patience({20ms, 1});
  CHECK(asker.answer("www.example") == "none");
  asker.resolver->set_patience({1h, 1});
  CHECK(third.heard().empty());
  asker.servers = {"dns.example", "0.0.0.0", "203.0.113.3"};
  CHECK(asker.answer("www.example") == "192.0.2.1 for 60 s");
  asker.servers = {"dns.example"};
  CHECK(asker.answer("www.example") == "none");
  CHECK(asker.asked_of_system == 0);
}

TEST_CASE("a question that is dropped says nothing and makes room [NETX-9]") {
  DnsServer silent(Manner::silent);
  Asker asker;
  asker.turn(primary, silent.port());
  asker.servers = {primary};
  std::vector<std::unique_ptr<DnsQuestion>> held;
  for (int i = 0; i < Resolver::max_under_way; ++i) {
    asker.ask("www.example");
    held.push_back(std::move(asker.question));
  }
  CHECK(asker.answer("www.example") == "none");
  CHECK(asker.failure == boost::asio::error::try_again);
  CHECK(asker.resolver->turned_away() == 1);
  held.clear();
  asker.ask("www.example");
  CHECK(asker.resolver->turned_away() == 1);
  const auto heard = [&] { return silent.heard().size(); };
  REQUIRE(pty_test::run_until(asker.io, [&] { return heard() == Resolver::max_under_way + 1; }));
  SECTION("by who asked") { asker.question.reset(); }
  SECTION("with the resolver") { asker.resolver.reset(); }
  SECTION("after the resolver") {
    asker.resolver.reset();
    asker.question.reset();
  }
  asker.io.poll();
  CHECK(asker.said.empty());
}
