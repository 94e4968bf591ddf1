// The terminal one sits at: standard input and output as the host's port. A terminal is made raw
// while the port serves, and Ctrl-] leaves; from a pipe every byte belongs to the host.
// Owned by the emulator.
#pragma once

#include "pty/byte_stream.hpp"
#include "pty/host_port.hpp"

#include <termios.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

namespace pty {

class StdioPort : public HostPort {
 public:
  static constexpr char quit_key = 0x1D;
  /// How long stop() waits for a reader to take the rest of the output.
  static constexpr std::chrono::milliseconds drain_limit{1000};

  /// The descriptors stay the caller's; they are given back as they were found.
  explicit StdioPort(boost::asio::io_context& io, int input = 0, int output = 1);
  ~StdioPort() override { stop(); }

  /// Makes the terminal raw. Returns what went wrong, in one line.
  [[nodiscard]] std::optional<std::string> open();

  void start(Events events) override;
  void stop() override;
  /// Output is taken until stop(), also after the end of the input.
  void write(std::string_view bytes) override { output_.write(bytes); }
  void hold(bool held) override { input_.hold(held); }
  [[nodiscard]] Backlog backlog() const override { return {output_.queued(), output_.taken()}; }
  [[nodiscard]] std::string kind() const override { return "stdio"; }
  [[nodiscard]] std::string address() const override { return "standard input and output"; }

 private:
  void serve();
  void receive(std::string_view bytes);

  int input_descriptor_;
  int output_descriptor_;
  Events events_;
  ByteStream input_;
  ByteStream output_;
  int input_flags_ = 0;
  int output_flags_ = 0;
  std::optional<termios> terminal_;
  std::shared_ptr<char> serving_;
};

}  // namespace pty
