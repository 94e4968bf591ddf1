// A port that remembers what was written to it, write by write.
#pragma once

#include "at_engine/port.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace support {

class FakePort : public at::Port {
 public:
  void write(std::string_view bytes) override {
    writes.emplace_back(bytes);
    unread += bytes;
    if (room_now != unlimited) room_now -= std::min(room_now, bytes.size());
  }

  void set_lines(const at::ModemLines& now) override { lines.push_back(now); }

  [[nodiscard]] std::size_t room() const override { return room_now; }
  void hold(bool held) override { holds_host = held; }

  static constexpr auto unlimited = std::numeric_limits<std::size_t>::max();
  std::size_t room_now = unlimited;
  bool holds_host = false;
  std::vector<at::ModemLines> lines;
  std::vector<std::string> writes;
  std::string unread;
};

}  // namespace support
