// The same seeds, and the same bytes of a host at the same times, are the same run.
#include "tests/support/faulty_modem.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace emulator;
using Bench = support::FaultyModem;
using namespace std::chrono_literals;
using mqtt_backend::OpenResult;
using nlohmann::json;
namespace link_event = mqtt_backend::link_event;

TEST_CASE("the same faults and the same host give the same bytes at the same times [CTL-9]") {
  constexpr std::array<const char*, 13> lines{"AT\r",
                                              "AT+CSQ\r",
                                              "AT+CEREG?\r",
                                              "AT+QMTOPEN=0,\"h\",1883\r",
                                              "AT+CGACT=0,1\r",
                                              "AT&W\r",
                                              "ATE1\r",
                                              "AT+CMGF=1\r",
                                              "AT+CMGS=\"1\"\r",
                                              "text\x1A",
                                              "AT+CFUN=0\r",
                                              "AT+CFUN=1\r",
                                              "AT+QMTCONN=0,\"c\"\r"};
  const auto some_word = [](std::mt19937& draw, std::string_view words) {
    const auto bars = std::count(words.begin(), words.end(), '|');
    auto left = draw() % static_cast<std::size_t>(1 + bars);
    for (; left > 0; --left) words.remove_prefix(words.find('|') + 1);
    return std::string(words.substr(0, words.find('|')));
  };
  std::set<std::string> drawn;
  const auto random_fault = [&](std::mt19937& draw) {
    const auto& types = faults::all_types();
    const auto& type = types[draw() % types.size()];
    drawn.emplace(type.name);
    json params = json::object();
    for (const auto& param : type.params) {
      if (param.kind == faults::Param::Kind::none) continue;
      if (param.kind == faults::Param::Kind::number)
        params[std::string(param.name)] =
            param.low + static_cast<std::int64_t>(draw() % 100) % (param.high - param.low + 1);
      else if (param.kind == faults::Param::Kind::text)
        params[std::string(param.name)] = param.name == "topic" ? "t" : "+X: 7";
      else
        params[std::string(param.name)] = some_word(draw, param.words);
    }
    if (type.name == "broker") {
      const auto packet = params.at("packet").get<std::string>();
      const bool has_id = packet != "connack" && packet != "pingresp";
      if (!has_id && params.at("mode") == "wrong-id") params["mode"] = "twice";
      if (packet != "connack" && packet != "suback") params.erase("code");
    }
    constexpr std::array<const char*, 4> commands{"^", "CSQ", "Q", "^\\+C"};
    return json{{"type", type.name},
                {"params", params},
                {"seed", draw() % 1000},
                {"count", 1 + draw() % 5},
                {"when",
                 {{"command", commands[draw() % commands.size()]},
                  {"probability", static_cast<double>(draw() % 11) / 10}}}};
  };
  // A broker, as far as it goes here: who opens and connects may, and hears something.
  const auto talk = [](Bench& bench) {
    auto& link = *bench.links[0];
    for (const auto& request : std::exchange(link.requests, {})) {
      if (!link.up()) continue;
      if (request.rfind("open", 0) == 0) link.say(link_event::Opened{OpenResult::ok});
      if (request.rfind("connect", 0) == 0) link.say(link_event::ConnAck{0, false});
    }
    if (link.up()) link.say(link_event::Message{0, 0, false, false, "t", "hello"});
    bench.injector.gate(0, {0x90, 3, 0, 7, 1}, [&](const mqtt_backend::Packet& packet) {
      bench.port.writes.emplace_back(packet.begin(), packet.end());
    });
  };
  const auto run = [&](unsigned seed) {
    std::mt19937 draw(seed);
    Bench bench;
    for (unsigned i = 0; i < 1 + seed % 5; ++i) bench.set(random_fault(draw).dump().c_str());
    std::string heard;
    for (int i = 0; i < 30; ++i) {
      bench.send(lines[draw() % lines.size()]);
      bench.wait(std::chrono::milliseconds(draw() % 3000));
      talk(bench);
      for (const auto& write : std::exchange(bench.port.writes, {})) heard += write + '|';
      heard += std::to_string(bench.timeline.now().time_since_epoch().count()) + '\n';
    }
    for (const auto& what : bench.outside_heard) heard += what + ' ';
    for (const auto& name : bench.applied()) heard += name + ' ';
    return heard;
  };
  std::size_t applied = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    const auto first = run(seed);
    CHECK(std::hash<std::string>{}(first) == std::hash<std::string>{}(run(seed)));
    applied += first.find("fault") != std::string::npos ? 1 : 0;
  }
  CHECK(applied > 100);
  CHECK(drawn.size() == faults::all_types().size());
}
