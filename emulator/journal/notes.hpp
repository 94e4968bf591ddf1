// What terminals tell while a host waits for its answer: noted in a few copied bytes, and shown to
// the one who looks on, in order, when the loop has nothing else to do, so that no answer waits for
// an onlooker. What comes from elsewhere is shown at once, behind what is noted. Owned by the Unit.
#pragma once

#include "emulator/module/observer.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator::journal {

class Notes : public Observer {
 public:
  /// Bytes that are noted; what does not fit is shown at once, behind them.
  static constexpr std::size_t limit = std::size_t{32} * 1024;
  /// Events that are noted.
  static constexpr std::size_t most = 512;

  /// `onlooker` must live as long, and must not tell the notes anything. `filled` is told that
  /// there is something to show, when there was nothing.
  explicit Notes(Observer& onlooker, std::function<void()> filled = {})
      : onlooker_(onlooker), filled_(std::move(filled)) {
    notes_.reserve(most);
  }

  void saw(at::Time at, at::Asker channel, const at::Event& event) override;
  void saw(at::Time at, int client_idx, const mqtt_backend::Event& event) override;
  void saw(at::Time at, const device::Event& event) override;
  void saw(at::Time at, const emulator::event::FaultApplied& event) override;
  void saw(at::Time at, const emulator::event::AnswerDisturbed& event) override;
  void saw(at::Time at, const emulator::event::LineCarried& event) override;
  void saw(at::Time at, const emulator::event::HostBytesHeld& event) override;

  [[nodiscard]] bool empty() const { return notes_.empty(); }
  /// Shows what is noted.
  void show() {
    while (!empty()) show_one();
  }
  /// Shows the first of it.
  void show_one();

 private:
  struct Note {
    at::Time at;
    at::Asker channel;
    at::Event event;
  };

  [[nodiscard]] std::string_view kept(std::string_view text);

  Observer& onlooker_;
  std::function<void()> filled_;
  std::vector<Note> notes_;
  std::array<char, limit> bytes_{};  // what the views of the notes show
  std::size_t used_ = 0;
  std::size_t shown_ = 0;  // of the notes
};

}  // namespace emulator::journal
