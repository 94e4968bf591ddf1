// A real serial device as the host's port: 8N1, raw. A host is taken to be there
// as long as the device is; a dongle that is pulled out is looked for until it is back.
// Owned by the emulator.
#pragma once

#include "pty/byte_stream.hpp"
#include "pty/dsr_watch.hpp"
#include "pty/host_port.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/serial_port.hpp>
#include <boost/asio/steady_timer.hpp>

namespace pty {

class SerialPort : public HostPort {
 public:
  static constexpr std::uint32_t default_baud = 115200;
  static constexpr std::chrono::seconds reopen_interval{1};

  SerialPort(boost::asio::io_context& io, std::string device, std::uint32_t baud);
  ~SerialPort() override { stop(); }

  /// Opens and sets up the device. Returns what went wrong, in one line.
  /// Why this user cannot open `device`, and what to do, in one line; without opening it.
  [[nodiscard]] static std::optional<std::string> unusable(const std::string& device);

  [[nodiscard]] std::optional<std::string> open();

  void start(Events events) override;
  void stop() override;
  void write(std::string_view bytes) override { stream_.write(bytes); }
  void set_line(const at::SerialLine& line) override;
  /// Over a null-modem cable our DTR is the host's carrier detect, and its DTR our DSR; there is no
  /// line for RI.
  void set_lines(const at::ModemLines& lines) override;
  [[nodiscard]] int factory_rate() const override { return static_cast<int>(given_baud_); }
  void hold(bool held) override { stream_.hold(held); }
  [[nodiscard]] Backlog backlog() const override { return {stream_.queued(), stream_.taken()}; }
  [[nodiscard]] std::string kind() const override { return "serial"; }
  [[nodiscard]] std::string address() const override { return device_; }

  /// Changes the speed, bits per second, now and for every time the device is opened again.
  /// Returns what went wrong; the speed then stays what it was.
  [[nodiscard]] std::optional<std::string> set_baud(std::uint32_t rate);

  /// Longest wait for what is still to be sent at the old settings.
  static constexpr std::chrono::milliseconds drain_limit{500};

 private:
  boost::system::error_code open_device();
  void serve();
  void set_when_sent(const at::SerialLine& line, std::chrono::steady_clock::time_point deadline);
  void apply(const at::SerialLine& line);
  void lost(const std::string& why);
  void look_for_device();

  std::string device_;
  std::uint32_t given_baud_;
  std::uint32_t baud_;
  bool flow_control_ = false;
  Events events_;
  boost::asio::serial_port settings_;
  ByteStream stream_;
  boost::asio::steady_timer retry_;
  boost::asio::steady_timer drain_;
  DsrWatch dsr_;
  std::shared_ptr<char> serving_ = std::make_shared<char>();
};

}  // namespace pty
