// A channel's line between terminal and host, with the faults that act on it: answers that come
// late, in pieces, damaged or not at all, and a module that goes down in the middle of a command,
// an answer or data. It knows from the terminal's events which of the bytes are which. All in
// virtual time. Owned by the Unit, one a port.
#pragma once

#include "at_engine/observer.hpp"
#include "at_engine/port.hpp"
#include "at_engine/timeline.hpp"
#include "emulator/faults/fault_set.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator::faults {

class FaultyPort : public at::Port, public at::Observer {
 public:
  /// Bytes of a line, or of what comes after a prompt, that are looked at before the module hears
  /// them; more than that passes at once.
  static constexpr std::size_t max_held = 8192;

  struct Hooks {
    /// What is known of a command: its client, topic and that client's state.
    std::function<Occasion(std::string_view command)> describe;
    /// The module goes down.
    std::function<void(PowerLoss loss)> strike;
  };

  FaultyPort(at::Timeline& timeline, FaultSet& faults, at::Port& port, Hooks hooks)
      : timeline_(timeline),
        faults_(faults),
        port_(port),
        hooks_(std::move(hooks)),
        timer_(timeline) {}

  /// Who hears what the host says, before receive().
  void listen(std::function<void(std::string_view bytes)> hear) { hear_ = std::move(hear); }

  /// From the host.
  void receive(std::string_view bytes);
  /// The host has left; what it had begun is forgotten.
  void host_left() { held_.clear(); }

  void write(std::string_view bytes) override;
  void set_line(const at::SerialLine& line) override { port_.set_line(line); }
  void set_lines(const at::ModemLines& lines) override { port_.set_lines(lines); }
  [[nodiscard]] int factory_rate() const override { return port_.factory_rate(); }

  void saw(at::Time at, at::Asker channel, const at::Event& event) override;

 private:
  /// Bytes, or the end of the module, that wait for their turn on the line.
  struct Piece {
    at::Duration after{};  // since the piece before, or since it was said
    std::string bytes{};
    std::optional<PowerLoss> strike{};
  };

  [[nodiscard]] bool take_line();
  void take_data();
  void strike(PowerLoss loss);
  std::vector<Piece> shaped(std::string reply);
  void cut(std::vector<Piece>& pieces, const Fault& fault);
  void say(Piece piece);
  void say_next();

  at::Timeline& timeline_;
  FaultSet& faults_;
  at::Port& port_;
  Hooks hooks_;
  std::function<void(std::string_view bytes)> hear_;
  at::Timer timer_;
  std::deque<Piece> waiting_;
  std::string held_;               // of the host, not heard yet
  std::string command_;            // that runs, or ran last
  std::size_t reply_ = 0;          // of the unit that is about to be written, how much is an answer
  bool entering_ = false;          // a prompt is open
  bool judged_ = false;            // whether a fault acts on these data
  std::optional<PowerLoss> doom_;  // comes after `left_` more bytes of data
  std::size_t left_ = 0;
};

}  // namespace emulator::faults
