// AT+QISDE: whether the payload of a send command is echoed, for the sockets of the module (TCP/IP
// note 2.4.13; data services SOCK-51). Lives in RAM. Owned by the Device.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"

#include <array>

namespace emulator::device {

class SocketEcho {
 public:
  static const std::array<at::Command<SocketEcho>, 1>& commands();

  /// Payload is echoed when the channel's echo is on too.
  [[nodiscard]] bool on() const { return on_; }

  /// The module starts.
  void start(bool on) { on_ = on; }

  void snapshot(at::Memo& memo) { memo.flag("socket_echo", on_); }

 private:
  at::Outcome get();
  at::Outcome set(const at::Args& args);

  bool on_ = true;
};

}  // namespace emulator::device
