// Unsolicited result codes: their declarations, and the bounded queue in which they wait until the
// terminal may speak (GRAM-10). The queue is owned by the Terminal.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace at {

/// One URC as the manual lists it.
struct Urc {
  std::string_view name;    // "+QMTSTAT"
  std::string_view params;  // "<client_idx>,<err_code>"
  std::string_view section;
  std::string_view summary;
};

/// Where the families say what nobody asked for.
class Announce {
 public:
  virtual ~Announce() = default;
  /// `line` without framing; it reaches the host when the terminal is idle, in order.
  virtual void announce(std::string line) = 0;
};

class UrcQueue {
 public:
  static constexpr std::size_t max_lines = 8192;
  static constexpr std::size_t max_bytes = std::size_t{16} << 20;

  /// False when it is full: the line is dropped and counted.
  bool push(std::string line);
  [[nodiscard]] bool empty() const { return lines_.empty(); }
  std::string pop();
  void clear();
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  std::deque<std::string> lines_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace at
