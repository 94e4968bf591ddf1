// Rules of --resolve: how they are read, and which one holds.
#include "net/resolve_rules.hpp"

#include "net/connect_race.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace net;

namespace {

std::string led(const ResolveRules& rules, std::string_view asked) {
  const auto place = rules.apply(*parse_place(asked));
  return place.port ? fmt::format("{} {}", place.host, *place.port) : place.host;
}

boost::asio::ip::tcp::endpoint endpoint(const char* address) {
  return {boost::asio::ip::make_address(address), 1883};
}

}  // namespace

TEST_CASE("a rule leads on through the rules of the name that it leads to") {
  net::ResolveRules rules;
  REQUIRE(rules.add("cloud.example:8883=broker.demo:8884"));
  REQUIRE(rules.add("broker.demo=127.0.0.1"));
  REQUIRE(rules.add("broker.demo:8884=127.0.0.1:40001"));
  const auto place = rules.apply({"cloud.example", 8883});
  CHECK(place.host == "127.0.0.1");
  CHECK(place.port == 40001);
  REQUIRE(rules.add("a=b"));
  REQUIRE(rules.add("b=a"));
  CHECK(rules.apply({"a", 1}).port == 1);
}

TEST_CASE("rules that cannot be read") {
  ResolveRules rules;
  for (const char* rule :
       {"", "=", "a", "a=", "=b", "a:=b", "a:0=b", "a:65536=b", "a:x=b", "a:1883=b:", "a=b:0",
        "a=*", "a=*:1883", "[::1=b", "[x]:1=b", "[::1]1=b", "a=1::zz", "a:1883x=b", "a=b: 1"})
    CHECK_FALSE(rules.add(rule));
}

TEST_CASE("rules that can be read") {
  ResolveRules rules;
  for (const char* rule : {"a=b", "a:1883=b", "a=b:1883", "a:65535=10.0.0.1:1", "*=b", "*:1883=b:1",
                           "[2001:db8::1]:1883=[::1]:1884", "2001:db8::1=::1", "10.0.0.1=b"})
    CHECK(rules.add(rule));
}

TEST_CASE(
    "a name of its own goes before every name, a port before none, the later before the former") {
  ResolveRules rules;
  CHECK(led(rules, "a.example:1883") == "a.example 1883");
  REQUIRE(rules.add("*=star"));
  REQUIRE(rules.add("*:1883=star:1"));
  REQUIRE(rules.add("A.example=own"));
  CHECK(led(rules, "b.example:1883") == "star 1");
  CHECK(led(rules, "b.example:8883") == "star 8883");
  CHECK(led(rules, "a.Example:1883") == "own 1883");
  REQUIRE(rules.add("a.example:1883=own:2"));
  CHECK(led(rules, "a.example:1883") == "own 2");
  CHECK(led(rules, "a.example:8883") == "own 8883");
  REQUIRE(rules.add("a.example:1883=later"));
  CHECK(led(rules, "a.example:1883") == "later 1883");
  REQUIRE(rules.add("a.example=all:3"));
  CHECK(led(rules, "a.example:8883") == "all 3");
  CHECK(led(rules, "a.example") == "all");
}

TEST_CASE("a name asked without a port is led by rules of any port, those without one first") {
  ResolveRules rules;
  REQUIRE(rules.add("time.example:123=10.0.0.1:1123"));
  CHECK(led(rules, "time.example") == "10.0.0.1");
  CHECK(led(rules, "time.example:124") == "time.example 124");
  REQUIRE(rules.add("time.example=10.0.0.2"));
  REQUIRE(rules.add("time.example:124=10.0.0.3"));
  CHECK(led(rules, "time.example") == "10.0.0.2");
  CHECK(rules.has("TIME.example"));
  CHECK_FALSE(rules.has("time"));
}

TEST_CASE("an address is a name only where a rule says so") {
  ResolveRules rules;
  REQUIRE(rules.add("*=star"));
  CHECK(led(rules, "192.0.2.1:1883") == "192.0.2.1 1883");
  CHECK(led(rules, "[2001:db8::1]:1883") == "2001:db8::1 1883");
  REQUIRE(rules.add("192.0.2.1=127.0.0.1:5"));
  REQUIRE(rules.add("[2001:DB8::1]:1883=::1"));
  CHECK(led(rules, "192.0.2.1:1883") == "127.0.0.1 5");
  CHECK(led(rules, "[2001:db8::1]:1883") == "::1 1883");
}

TEST_CASE("families of addresses take turns") {
  CHECK(interleaved({}).empty());
  CHECK(interleaved({endpoint("::1"), endpoint("::2"), endpoint("::3"), endpoint("10.0.0.1"),
                     endpoint("10.0.0.2")}) == Addresses{endpoint("::1"), endpoint("10.0.0.1"),
                                                         endpoint("::2"), endpoint("10.0.0.2"),
                                                         endpoint("::3")});
  CHECK(interleaved({endpoint("10.0.0.1"), endpoint("::1")}) ==
        Addresses{endpoint("10.0.0.1"), endpoint("::1")});
}
