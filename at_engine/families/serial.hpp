// The serial line of one channel: +IPR, +IFC, +ICF (manual 3.3 to 3.5). A new rate applies once the
// line is answered. Owned by the Modem, one a channel.
#pragma once

#include "at_engine/channel.hpp"
#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "at_engine/port.hpp"

#include <array>
#include <optional>

namespace at::families {

class Serial : public ProfilePart {
 public:
  explicit Serial(Port& port) : port_(port) {}

  static const std::array<Command<Serial>, 3>& commands();

  /// The module starts: rate, flow control and parity as stored.
  void start(const std::optional<Profile>& stored);

  /// A multiplexer has this channel on `line`: the rate is that one's, and not to be changed
  /// (MUX-10).
  void ride_on(const Serial& line) { carrier_ = &line; }

  /// The line goes on at another rate, which is not stored.
  void change_rate(int baud);

  void snapshot(Memo& memo);

  void store(Profile& profile) const override;
  /// All but the rate, which only a start brings back.
  void restore(const Profile& profile) override;
  void factory() override {}

 private:
  Outcome get_rate();
  Outcome set_rate(const Args& args);
  Outcome get_flow_control();
  Outcome set_flow_control(const Args& args);
  Outcome get_framing();
  Outcome set_framing(const Args& args);

  Port& port_;
  const Serial* carrier_ = nullptr;
  SerialLine line_;
  Ground ground_;  // for as long as the channel lives
};

}  // namespace at::families
