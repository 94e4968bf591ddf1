// A session with a host that says what the test makes it say, in virtual time.
#pragma once

#include "at_engine/timeline.hpp"
#include "data_services/ppp/session.hpp"
#include "tests/unit/data_services/ppp/hex.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ppp_test {

using namespace std::chrono_literals;
using data_services::ppp::Login;
using data_services::ppp::Session;

constexpr std::uint32_t first_magic = 0x11223344;

/// 10.0.2.15, and 10.0.2.3 for both servers, as the contract's frames have them.
inline Session::Config usual(Login login = Login::none) {
  Session::Config config;
  config.login = login;
  config.offer = {.address = 0x0A00020F, .dns1 = 0x0A000203, .dns2 = 0x0A000203};
  config.random = [next = std::make_shared<std::uint32_t>(first_magic)] { return (*next)++; };
  return config;
}

class Bench : public Session::Events {
 public:
  explicit Bench(Session::Config config = usual()) : session(timeline, std::move(config), *this) {
    session.start();
  }

  void transmit(std::string_view framed_bytes) override { lines.emplace_back(framed_bytes); }
  void packet(std::string_view ip) override { packets.push_back(shown(ip)); }
  void established() override { ++ups; }
  void ended(Session::Reason reason) override { ends.emplace_back(name_of(reason)); }

  void wait(at::Duration time) { timeline.run_until(timeline.now() + time); }

  /// The host sends one packet, protocol first.
  void say(std::string_view packet) { session.receive(framed(hex(packet))); }

  /// The frames that have come since, opened, as "C0 21 01 ...".
  std::vector<std::string> heard() {
    std::vector<std::string> all;
    for (const auto& line : std::exchange(lines, {})) all.push_back(shown(opened(line)));
    return all;
  }
  /// The same as they were on the line.
  std::vector<std::string> raw() {
    std::vector<std::string> all;
    for (const auto& line : std::exchange(lines, {})) all.push_back(shown(line));
    return all;
  }

  /// Through LCP with a host that asks for the usual, and compression if it `compresses`.
  void open_link(bool compresses = false) {
    wait(50ms);
    say(compresses ? "C021 01 01 0014 0206 00000000 0506 DEADBEEF 0702 0802"
                   : "C021 01 01 0010 0206 00000000 0506 DEADBEEF");
    acknowledge();
  }
  /// Through IPCP, for a host that knows what it will get.
  void open_ip() {
    acknowledge();
    say("8021 01 07 0016 0306 0A00020F 8106 0A000203 8306 0A000203");
    lines.clear();
  }

  /// The host acknowledges the last request that it has heard.
  void acknowledge() {
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
      auto request = opened(*line);
      if (request.size() < 6 || request[2] != 1 || request[1] != 0x21) continue;
      request[2] = 2;
      lines.clear();
      return session.receive(framed(request));
    }
  }

  at::Timeline timeline;
  Session session;
  std::vector<std::string> lines;
  std::vector<std::string> packets;
  int ups = 0;
  std::vector<std::string> ends;
};

using Texts = std::vector<std::string>;

}  // namespace ppp_test
