// The host's DTR at a real serial device: over a null-modem cable it arrives as our DSR, of which
// no event tells, so that it is asked for. Owned by a SerialPort.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace pty {

class DsrWatch {
 public:
  static constexpr std::chrono::milliseconds interval{20};

  /// How the line stands; nothing where the device has none.
  using Ask = std::function<std::optional<bool>()>;

  /// `changed` is told of each change, once the line was seen raised: a cable of three wires never
  /// raises it, and then it means nothing.
  DsrWatch(boost::asio::io_context& io, Ask ask, std::function<void(bool raised)> changed);
  DsrWatch(const DsrWatch&) = delete;
  DsrWatch& operator=(const DsrWatch&) = delete;

  /// From now on, unless the device has no such line.
  void start();
  void stop();

 private:
  void look();

  Ask ask_;
  std::function<void(bool)> changed_;
  boost::asio::steady_timer timer_;
  std::optional<bool> raised_;  // once it was
  std::shared_ptr<char> watching_;
};

/// Asks a descriptor by TIOCMGET.
[[nodiscard]] std::optional<bool> dsr_of(int descriptor);

}  // namespace pty
