// The first line, with the product's faults on it: what comes to the host must be what the module
// said, when it said it, but for what the faults that struck make of an answer. The host reads what
// the module said, so that no damage on the line hides an answer that was never given.
#pragma once

#include "at_engine/port.hpp"
#include "at_engine/timeline.hpp"
#include "emulator/faults/fault.hpp"
#include "tests/support/fake_port.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

class LineJudge : public at::Port {
 public:
  LineJudge(at::Timeline& timeline, support::FakePort& said) : timeline_(timeline), said_(said) {}

  /// The faults' side of the line, before anything else.
  LineJudge& leads_to(at::Port& line) {
    line_ = &line;
    return *this;
  }
  /// The host's side of it.
  [[nodiscard]] support::FakePort& end() { return end_; }

  /// The size of what the module is about to write, the echo before it aside.
  void unit(std::size_t size) { unit_ = size; }
  /// It strikes.
  void struck(const emulator::faults::Fault& fault) {
    if (writing_) faults_.push_back(&fault);
  }

  /// What is on its way goes with the module.
  void module_is_off() {
    due_.resize(std::min(due_.size(), end_.unread.size()));
    no_later_ = timeline_.now();
  }

  void write(std::string_view bytes) override;
  void set_lines(const at::ModemLines& lines) override { line_->set_lines(lines); }

  /// How many bytes the module has said, ever.
  [[nodiscard]] std::uint64_t said() const { return said_bytes_; }

  /// Once all that is due has been done. Throws when the line has lost, made up or kept anything.
  void check();

  /// No answer is on its way, nor any nothing that a fault has left of one.
  [[nodiscard]] bool quiet() const { return due_.empty() && timeline_.now() >= no_later_; }
  [[nodiscard]] std::uint64_t hash() const { return hash_; }

 private:
  std::string disturbed(std::string_view answer);
  void break_off(std::vector<std::string>& pieces, std::size_t which,
                 const emulator::faults::Fault& fault);

  at::Timeline& timeline_;
  support::FakePort& said_;
  support::FakePort end_;
  at::Port* line_ = nullptr;
  std::vector<const emulator::faults::Fault*> faults_;  // of what is being written
  bool writing_ = false;
  std::size_t unit_ = 0;
  std::uint64_t said_bytes_ = 0;
  std::string due_;      // not come yet
  at::Time no_later_{};  // all of it
  std::uint64_t hash_ = 14695981039346656037U;
};

}  // namespace sim
