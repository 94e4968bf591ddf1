// Questions to the servers that a host was offered, and what they are answered.
#include "data_services/ppp/dns_answer.hpp"

#include "tests/unit/data_services/ppp/hex.hpp"

#include <deque>
#include <map>
#include <random>

#include <catch2/catch.hpp>

using namespace data_services::ppp;
using namespace ppp_test;

namespace {

using Status = DnsAnswers::Status;

const std::string broker = "06 62 72 6F 6B 65 72 04 64 65 6D 6F 00";  // broker.demo
const std::string ask_broker = "AB CD 01 00 00 01 00 00 00 00 00 00 " + broker + " 00 01 00 01";

struct Server {
  std::map<std::string, DnsAnswers::Resolution> known{
      {"broker.demo", {Status::found, {0x0A400C02}}},
      {"two.demo", {Status::found, {0x01020304, 0x05060708}}},
      {"broken.demo", {Status::failed, {}}}};
  std::vector<std::string> asked;
  DnsAnswers answers{[this](const std::string& name, const DnsAnswers::Resolved& resolved) {
    asked.push_back(name);
    const auto found = known.find(name);
    resolved(found == known.end() ? DnsAnswers::Resolution{Status::no_such_name, {}}
                                  : found->second);
  }};

  /// What comes back, or "-".
  std::string ask(std::string_view query) {
    std::string said = "-";
    answers.ask(query, [&](std::string_view message) { said = shown(message); });
    return said;
  }
};

}  // namespace

TEST_CASE("a name has its addresses, byte by byte [IP-8]") {
  Server server;
  CHECK(server.ask(hex(ask_broker)) == "AB CD 81 80 00 01 00 01 00 00 00 00 " + broker +
                                           " 00 01 00 01 C0 0C 00 01 00 01 00 00 00 05 00 04 0A 40 "
                                           "0C 02");
  CHECK(server.ask(hex("00 01 00 00 00 01 00 00 00 00 00 00 03 74 77 6F 04 64 65 6D 6F 00 00 01 00 "
                       "01")) ==
        "00 01 80 80 00 01 00 02 00 00 00 00 03 74 77 6F 04 64 65 6D 6F 00 00 01 00 01 C0 0C 00 01 "
        "00 01 00 00 00 05 00 04 01 02 03 04 C0 0C 00 01 00 01 00 00 00 05 00 04 05 06 07 08");
  CHECK(server.asked == std::vector<std::string>{"broker.demo", "two.demo"});
}

TEST_CASE("a question with an OPT record behind it is one [IP-8]") {
  Server server;
  CHECK(server
            .ask(hex("AB CD 01 20 00 01 00 00 00 00 00 01 " + broker +
                     " 00 01 00 01 00 00 29 04 D0 00 00 00 00 00 00"))
            .starts_with("AB CD 81 80 00 01 00 01 00 00 00 00 " + broker + " 00 01 00 01 C0 0C"));
}

TEST_CASE("no such name, and a server that fails [IP-8]") {
  Server server;
  CHECK(server.ask(hex("AB CD 01 00 00 01 00 00 00 00 00 00 02 6E 6F 00 00 01 00 01")) ==
        "AB CD 81 83 00 01 00 00 00 00 00 00 02 6E 6F 00 00 01 00 01");
  CHECK(server.ask(
            hex("AB CD 01 00 00 01 00 00 00 00 00 00 06 62 72 6F 6B 65 6E 04 64 65 6D 6F 00 00 "
                "01 00 01")) ==
        "AB CD 81 82 00 01 00 00 00 00 00 00 06 62 72 6F 6B 65 6E 04 64 65 6D 6F 00 00 01 00 01");
}

TEST_CASE("IPv6 addresses there are none, other records neither [IP-8]") {
  Server server;
  CHECK(server.ask(hex("AB CD 01 00 00 01 00 00 00 00 00 00 " + broker + " 00 1C 00 01")) ==
        "AB CD 81 80 00 01 00 00 00 00 00 00 " + broker + " 00 1C 00 01");
  CHECK(server.ask(hex("AB CD 01 00 00 01 00 00 00 00 00 00 02 6E 6F 00 00 1C 00 01")) ==
        "AB CD 81 83 00 01 00 00 00 00 00 00 02 6E 6F 00 00 1C 00 01");
  server.asked.clear();
  for (const char* const type : {"00 05", "00 0F", "00 10", "00 21", "00 0C", "00 41"})
    CHECK(server.ask(hex("AB CD 01 00 00 01 00 00 00 00 00 00 " + broker + type + " 00 01")) ==
          "AB CD 81 80 00 01 00 00 00 00 00 00 " + broker + " " + type + " 00 01");
  CHECK(server.ask(hex("AB CD 01 00 00 01 00 00 00 00 00 00 00 00 01 00 01")) ==
        "AB CD 81 80 00 01 00 00 00 00 00 00 00 00 01 00 01");
  CHECK(server.asked.empty());
}

TEST_CASE("what cannot be a host's name is asked nobody [IP-8]") {
  Server server;
  CHECK(server.ask(hex("AB CD 01 00 00 01 00 00 00 00 00 00 03 61 20 62 00 00 01 00 01")) ==
        "AB CD 81 83 00 01 00 00 00 00 00 00 03 61 20 62 00 00 01 00 01");
  CHECK(server.ask(hex("AB CD 01 00 00 01 00 00 00 00 00 00 03 61 2E 62 00 00 01 00 01")) ==
        "AB CD 81 83 00 01 00 00 00 00 00 00 03 61 2E 62 00 00 01 00 01");
  CHECK(server.asked.empty());
}

TEST_CASE("a host's name is of letters, digits and two signs [IP-8]") {
  Server server;
  const auto ask = [&](char c) {
    return server.ask(hex("AB CD 01 00 00 01 00 00 00 00 00 00 01") + c + hex("00 00 01 00 01"));
  };
  const std::string good = "azAZ09-_";
  for (const char c : good) ask(c);
  CHECK(server.asked == std::vector<std::string>{"a", "z", "A", "Z", "0", "9", "-", "_"});
  server.asked.clear();
  for (const char c : std::string("`{@[/:!,\xE4")) CHECK(ask(c).starts_with("AB CD 81 83"));
  CHECK(server.asked.empty());
}

TEST_CASE("who asks for anything hears of addresses [IP-8]") {
  Server server;
  CHECK(server.ask(hex("AB CD 01 00 00 01 00 00 00 00 00 00 " + broker + " 00 FF 00 01"))
            .ends_with("C0 0C 00 01 00 01 00 00 00 05 00 04 0A 40 0C 02"));
}

TEST_CASE("other classes, operations and numbers of questions [IP-8]") {
  Server server;
  CHECK(server.ask(hex("AB CD 01 00 00 01 00 00 00 00 00 00 " + broker + " 00 01 00 03")) ==
        "AB CD 81 85 00 01 00 00 00 00 00 00 " + broker + " 00 01 00 03");
  CHECK(server.ask(hex("AB CD 29 00 00 01 00 00 00 00 00 00 " + broker + " 00 01 00 01")) ==
        "AB CD A9 84 00 00 00 00 00 00 00 00");
  for (const char* const count : {"00 00", "00 02", "FF FF"})
    CHECK(server.ask(hex("AB CD 01 00" + std::string(count) + "00 00 00 00 00 00 " + broker +
                         " 00 01 00 01")) == "AB CD 81 81 00 00 00 00 00 00 00 00");
  CHECK(server.asked.empty());
}

TEST_CASE("an answer is not answered, nor what is too short to be anything [IP-8]") {
  Server server;
  CHECK(server.ask(hex("AB CD 81 80 00 01 00 00 00 00 00 00 " + broker + " 00 01 00 01")) == "-");
  const auto query = hex(ask_broker);
  for (std::size_t size = 0; size < 12; ++size)
    CHECK(server.ask(std::string_view(query).substr(0, size)) == "-");
  for (std::size_t size = 12; size < query.size(); ++size)
    CHECK(server.ask(std::string_view(query).substr(0, size)) ==
          "AB CD 81 81 00 00 00 00 00 00 00 00");
}

TEST_CASE("names that point, do not end or are too long are refused [IP-8]") {
  Server server;
  const std::string head = "AB CD 01 00 00 01 00 00 00 00 00 00 ";
  const std::string refused = "AB CD 81 81 00 00 00 00 00 00 00 00";
  CHECK(server.ask(hex(head + "C0 0C 00 01 00 01")) == refused);
  CHECK(server.ask(hex(head + "40 61 00 00 01 00 01")) == refused);
  CHECK(server.ask(hex(head + "3F 61 00 00 01 00 01")) == refused);
  CHECK(server.ask(hex(head) + '\x40' + std::string(64, 'a') + hex("00 00 01 00 01")) == refused);
  const auto label = '\x3F' + std::string(63, 'a');
  const auto longest =
      label + label + label + '\x3D' + std::string(61, 'b') + hex("00 00 01 00 01");
  CHECK(server.ask(hex(head) + longest).starts_with("AB CD 81 83"));
  CHECK(server.asked.back().size() == 253);
  const auto too_long =
      label + label + label + '\x3E' + std::string(62, 'b') + hex("00 00 01 00 01");
  CHECK(server.ask(hex(head) + too_long) == refused);
  CHECK(server.ask(hex(ask_broker) + std::string(DnsAnswers::max_query, ' ')) == refused);
}

TEST_CASE("an answer is never longer than 512 octets [IP-8]") {
  Server server;
  server.known["broker.demo"].addresses.assign(100, 0x01020304);
  const auto answer = hex(server.ask(hex(ask_broker)));
  CHECK(answer.size() == 29 + 30 * 16);
  CHECK(shown(answer.substr(6, 2)) == "00 1E");
}

TEST_CASE("questions wait for the resolver, so many and no more [IP-8]") {
  std::deque<DnsAnswers::Resolved> open;
  auto answers =
      std::make_unique<DnsAnswers>([&](const std::string&, DnsAnswers::Resolved resolved) {
        open.push_back(std::move(resolved));
      });
  std::vector<std::string> said;
  const auto ask = [&] {
    answers->ask(hex(ask_broker),
                 [&](std::string_view message) { said.push_back(shown(message)); });
  };
  for (std::size_t i = 0; i < DnsAnswers::max_waiting; ++i) ask();
  CHECK(said.empty());
  CHECK(answers->waiting() == DnsAnswers::max_waiting);
  ask();
  CHECK(said ==
        std::vector<std::string>{"AB CD 81 82 00 01 00 00 00 00 00 00 " + broker + " 00 01 00 01"});
  open.front()({Status::found, {0x0A400C02}});
  open.pop_front();
  CHECK(said.size() == 2);
  open.pop_front();  // never answered
  CHECK(answers->waiting() == DnsAnswers::max_waiting - 2);
  answers.reset();
  while (!open.empty()) {
    open.front()({Status::found, {0x0A400C02}});
    open.pop_front();
  }
  CHECK(said.size() == 2);
}

TEST_CASE("any octets get an answer of their own, or none [IP-8]") {
  Server server;
  std::mt19937 random(53);
  for (int round = 0; round < 20000; ++round) {
    auto query = hex(ask_broker);
    for (int i = static_cast<int>(random() % 4); i >= 0; --i)
      query[random() % query.size()] = static_cast<char>(random());
    query.resize(random() % (query.size() + 4));
    const auto answer = server.ask(query);
    if (answer == "-") continue;
    CHECK(hex(answer).size() >= 12);
    CHECK(hex(answer).substr(0, 2) == query.substr(0, 2));
    CHECK((hex(answer)[2] & 0x80) != 0);
  }
}
