#include "pty/stdio_port.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/core.h>

namespace pty {

using boost::system::error_code;

StdioPort::StdioPort(boost::asio::io_context& io, int input, int output)
    : input_descriptor_(input), output_descriptor_(output), input_(io), output_(io) {}

std::optional<std::string> StdioPort::open() {
  // Copies, so that input and output may be one and the same descriptor, and stay open after us.
  input_flags_ = ::fcntl(input_descriptor_, F_GETFL);
  output_flags_ = ::fcntl(output_descriptor_, F_GETFL);
  const int input = ::fcntl(input_descriptor_, F_DUPFD_CLOEXEC, 0);
  const int output = ::fcntl(output_descriptor_, F_DUPFD_CLOEXEC, 0);
  // A descriptor that was closed may have been filled with one that goes the other way.
  const bool readable = (input_flags_ & O_ACCMODE) != O_WRONLY;
  const bool writable = (output_flags_ & O_ACCMODE) != O_RDONLY;
  if (input < 0 || output < 0 || !readable || !writable) {
    if (input >= 0) ::close(input);
    if (output >= 0) ::close(output);
    return "standard input and output must both be open";
  }
  serving_ = std::make_shared<char>();
  error_code error = input_.attach(input);
  if (const error_code second = output_.attach(output); second) error = second;
  if (error) return fmt::format("cannot use standard input and output: {}", error.message());
  termios found{};
  if (::tcgetattr(input_descriptor_, &found) == 0) {
    terminal_ = found;
    ::cfmakeraw(&found);
    ::tcsetattr(input_descriptor_, TCSADRAIN, &found);
  }
  return std::nullopt;
}

void StdioPort::start(Events events) {
  events_ = std::move(events);
  output_.when_drained([this] {
    if (events_.drained) events_.drained();
  });
  boost::asio::post(input_.executor(), [this, serving = std::weak_ptr(serving_)] {
    if (!serving.expired()) serve();
  });
}

void StdioPort::serve() {
  input_.read({[this](std::string_view bytes) { receive(bytes); },
               [this](error_code) { events_.closed(); }});
  events_.opened();
}

void StdioPort::receive(std::string_view bytes) {
  const std::size_t quit = terminal_ ? bytes.find(quit_key) : std::string_view::npos;
  const std::weak_ptr serving(serving_);
  if (quit != 0) events_.received(bytes.substr(0, quit));
  if (quit != std::string_view::npos && !serving.expired() && events_.quit) events_.quit();
}

void StdioPort::stop() {
  if (!serving_) return;
  serving_.reset();
  output_.drain(drain_limit);
  input_.close();
  output_.close();
  if (terminal_) ::tcsetattr(input_descriptor_, TCSADRAIN, &*terminal_);
  terminal_.reset();
  ::fcntl(input_descriptor_, F_SETFL, input_flags_);
  ::fcntl(output_descriptor_, F_SETFL, output_flags_);
}

}  // namespace pty
