// A pseudo-terminal as the host's serial port, found through a symbolic link. The host may come and
// go, open it for every command, or open it several times at once.
//
// We do not hold the slave side ourselves: then the kernel tells by EIO on the master, in order
// with the bytes, that the last host has left. Counting what is opened would not do, since
// openings in a row may be told as one; that is only the sign to look. Owned by the emulator.
#pragma once

#include "pty/byte_stream.hpp"
#include "pty/device_watch.hpp"
#include "pty/host_port.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace pty {

class PtyPort : public HostPort {
 public:
  /// How often the host's lines are looked at; the kernel does not tell of them.
  static constexpr std::chrono::milliseconds line_interval{20};

  /// Without `link` it is unique_link_path().
  PtyPort(boost::asio::io_context& io, std::optional<std::string> link);
  ~PtyPort() override { stop(); }

  /// Makes the pseudo-terminal and the link. Returns what went wrong, in one line.
  [[nodiscard]] std::optional<std::string> open();

  void start(Events events) override;
  void stop() override;
  void vanish() override;
  void come_back() override;
  void write(std::string_view bytes) override;
  void watch_line() override { watching_line_ = true; }
  [[nodiscard]] std::optional<int> host_rate() const override;
  void hold(bool held) override { master_.hold(held); }
  [[nodiscard]] Backlog backlog() const override { return {master_.queued(), master_.taken()}; }
  [[nodiscard]] std::string kind() const override { return "pty"; }
  [[nodiscard]] std::string address() const override { return link_; }

  /// The device that the link points to, "/dev/pts/N".
  [[nodiscard]] const std::string& device() const { return device_; }

 private:
  [[nodiscard]] std::optional<std::string> open_terminal();
  /// Flushes what the host never read and makes the line raw again. False: the device is closed
  /// to us.
  bool reset_line();
  void replace_terminal();
  void remove_terminal();
  void make_terminal();
  void look(const DeviceEvents& news);
  [[nodiscard]] bool changed_hosts(const DeviceEvents& told);
  [[nodiscard]] bool count_hosts(const DeviceEvents& news);
  [[nodiscard]] bool host_present();
  void begin_session();
  void end_session();
  void read();
  void receive(std::string_view bytes);
  void look_at_line();

  std::string link_;
  std::string device_;
  Events events_;
  ByteStream master_;
  DeviceWatch watch_;
  bool linked_ = false;
  bool vanished_ = false;
  bool open_ = false;
  bool reading_ = false;
  // How many hosts have the port open, as far as merged events tell.
  int hosts_ = 0;
  bool watching_line_ = false;
  boost::asio::steady_timer line_timer_;
  HostLines lines_;
  // A handler that is queued already must not touch a port that is gone.
  std::shared_ptr<char> life_ = std::make_shared<char>();
};

}  // namespace pty
