// A multiplexer between a line that remembers its writes and events that are written down.
#pragma once

#include "at_engine/mux/multiplexer.hpp"
#include "tests/support/hex.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace mux_bench {

using Told = std::vector<std::string>;

using namespace at::mux;

using support::hex;

inline std::string hex(std::initializer_list<std::string_view> frames) {
  std::string bytes;
  for (const auto& frame : frames) bytes += hex(frame);
  return bytes;
}

struct FakeLine : Line {
  void write(std::string_view frame) override {
    frames.push_back(support::shown(frame));
    bytes += frame.size();
    if (room_now != unlimited) room_now -= std::min(room_now, frame.size());
  }
  [[nodiscard]] std::size_t room() const override { return room_now; }

  static constexpr auto unlimited = std::numeric_limits<std::size_t>::max();
  std::size_t room_now = unlimited;
  std::vector<std::string> frames;
  std::size_t bytes = 0;
};

struct FakeEvents : Events {
  void opened(int dlci) override { say(fmt::format("opened {}", dlci)); }
  void closed(int dlci, Closing why) override {
    constexpr std::array words{"disconnected", "refused", "ended"};
    say(fmt::format("closed {} {}", dlci, words[static_cast<std::size_t>(why)]));
  }
  void received(int dlci, std::string_view bytes) override {
    data[static_cast<std::size_t>(dlci)] += bytes;
    say(fmt::format("received {} {}", dlci, bytes));
  }
  void drained(int dlci) override { say(fmt::format("drained {}", dlci)); }
  void host_signals(int dlci, const Signals& before, const Signals& now) override {
    say(fmt::format("signals {} {:02X} {:02X}", dlci, octet_of(before), octet_of(now)));
  }
  void ended(Ending how, std::string_view rest) override {
    say(fmt::format("ended by {} {}", how == Ending::close_down ? "CLD" : "DISC",
                    support::shown(rest)));
  }

  void say(const std::string& event) {
    said.push_back(event);
    if (also) also(event);
  }

  std::vector<std::string> said;
  std::array<std::string, 5> data;
  std::function<void(const std::string& event)> also;
};

using Frames = std::vector<std::string>;

inline Frames frames(std::initializer_list<std::string_view> all) {
  return {all.begin(), all.end()};
}

struct Bench {
  explicit Bench(int dlcis = 4, const Parameters& parameters = {})
      : multiplexer(std::make_unique<Multiplexer>(parameters, dlcis, line, events)) {}

  /// What the module sends when the host has sent these frames.
  Frames host(std::string_view frames) {
    multiplexer->receive(hex(frames));
    return sent();
  }
  Frames write(int dlci, std::string_view bytes) {
    multiplexer->write(dlci, bytes);
    return sent();
  }
  Frames sent() { return std::exchange(line.frames, {}); }
  std::vector<std::string> events_told() { return std::exchange(events.said, {}); }

  /// DLCI 0 and those up to `last`, with nothing left to look at.
  void open(int last) {
    constexpr std::array sabm{"F9 03 3F 01 1C F9", "F9 07 3F 01 DE F9", "F9 0B 3F 01 59 F9",
                              "F9 0F 3F 01 9B F9", "F9 13 3F 01 96 F9"};
    for (int dlci = 0; dlci <= last; ++dlci)
      multiplexer->receive(hex(sabm[static_cast<std::size_t>(dlci)]));
    sent();
    events_told();
  }

  FakeLine line;
  FakeEvents events;
  std::unique_ptr<Multiplexer> multiplexer;
};

}  // namespace mux_bench
