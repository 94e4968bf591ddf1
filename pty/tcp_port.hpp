// A TCP listener as the host's port, one host at a time. Another one that connects meanwhile is
// told so and turned away. A host that has said its last (a half-closed connection) still gets
// output, until it takes none or another host comes. Owned by the emulator.
#pragma once

#include "pty/byte_stream.hpp"
#include "pty/host_port.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace pty {

class TcpPort : public HostPort {
 public:
  static constexpr std::string_view busy = "port is in use by another host\r\n";

  /// A host that answers nothing for this long is gone.
  static constexpr std::chrono::seconds silence_limit{25};

  /// `port` 0 lets the kernel choose.
  TcpPort(boost::asio::io_context& io, std::string host, std::uint16_t port);
  ~TcpPort() override { stop(); }

  /// Listens. Returns what went wrong, in one line.
  [[nodiscard]] std::optional<std::string> open();

  void start(Events events) override;
  void stop() override;
  void vanish() override;
  void come_back() override;
  void write(std::string_view bytes) override;
  void hold(bool held) override { stream_.hold(held); }
  [[nodiscard]] Backlog backlog() const override { return {stream_.queued(), stream_.taken()}; }
  [[nodiscard]] std::string kind() const override { return "tcp"; }
  [[nodiscard]] std::string address() const override;

 private:
  using Socket = boost::asio::ip::tcp::socket;

  boost::system::error_code listen();
  void accept();
  void admit(Socket socket);
  void serve();
  void input_ended(boost::system::error_code error);
  void pause_accepting();
  static void turn_away(Socket socket);

  boost::asio::io_context& io_;
  std::string host_;
  std::uint16_t port_;
  Events events_;
  boost::asio::ip::tcp::acceptor acceptor_;
  ByteStream stream_;
  bool reading_ = false;
  bool failing_ = false;
  bool vanished_ = false;
  std::shared_ptr<char> serving_ = std::make_shared<char>();
};

}  // namespace pty
