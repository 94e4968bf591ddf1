// A terminal of a modem that dials, hangs up and goes back, and the far side that it is online
// with. Owned by a test case.
#pragma once

#include "at_engine/families/v250.hpp"
#include "at_engine/terminal.hpp"
#include "tests/support/world.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace online_bench {

struct Far : at::Online {
  void connected(at::OnlineChannel& at) override { channel = &at; }
  void receive(std::string_view bytes) override { heard += bytes; }
  void suspended() override { events += "suspended "; }
  void resumed() override { events += "resumed "; }
  void hung_up() override { events += "hung-up "; }
  void drained() override { events += "drained "; }
  void displaced() override { events += "displaced "; }
  void dtr(bool on) override { events += on ? "dtr-on " : "dtr-off "; }
  void host_left() override { events += "host-left "; }
  [[nodiscard]] bool is_call() const override { return calls; }
  [[nodiscard]] bool can_suspend() const override { return suspends; }
  [[nodiscard]] bool heeds_port() const override { return is_of_port; }
  [[nodiscard]] std::string_view speed() const override { return rate; }

  at::OnlineChannel* channel = nullptr;
  std::string heard;
  std::string events;
  bool calls = true;
  bool suspends = true;
  bool is_of_port = false;
  std::string rate;
};

struct Dial {
  at::Outcome dial() {
    far = std::make_shared<Far>();
    far->calls = calls;
    ++times;
    return at::Outcome::online(far);
  }
  at::Outcome back() { return at::Outcome::resume(); }
  at::Outcome hang_up() { return at::Outcome::hang_up(); }
  std::shared_ptr<Far> far;
  bool calls = true;  // or it is a multiplexer
  int times = 0;
};

constexpr std::array<at::Command<Dial>, 3> dial_commands{{
    {.name = "+DIAL", .exec = &Dial::dial, .section = "1", .summary = "dials"},
    {.name = "O", .exec = &Dial::back, .section = "1", .summary = "back"},
    {.name = "H", .exec = &Dial::hang_up, .section = "1", .summary = "hangs up"},
}};

constexpr auto ok = "\r\nOK\r\n";
constexpr auto connect = "\r\nCONNECT\r\n";
constexpr auto no_carrier = "\r\nNO CARRIER\r\n";

struct Session {
  Session() {
    registry.add(dial_commands);
    registry.add(at::families::V250::commands());
    terminal.emplace(timeline, port, log, registry, at::Asker{1});
    v250.emplace("uart1", terminal->channel(), flash, std::vector<at::ProfilePart*>{},
                 at::families::V250::Shared{}, std::function<bool()>{},
                 [this] { terminal->update_lines(); });
    terminal->bind(dial);
    terminal->bind(*v250);
    terminal->channel().echo = false;
    terminal->update_lines();
  }

  std::string answer(std::string_view bytes) {
    terminal->receive(bytes);
    return std::exchange(port.unread, {});
  }
  std::string pass(at::Duration time) {
    timeline.run_until(timeline.now() + time);
    return std::exchange(port.unread, {});
  }
  Far& far() { return *dial.far; }
  /// Into command state; the connection stays.
  std::string escape() {
    pass(std::chrono::seconds(2));
    answer("+++");
    return pass(std::chrono::seconds(1));
  }

  at::Timeline timeline;
  support::MemoryLog log;
  support::MemoryFlash flash;
  support::FakePort port;
  at::Registry registry;
  Dial dial;
  std::optional<at::families::V250> v250;
  std::optional<at::Terminal> terminal;
};

}  // namespace online_bench
