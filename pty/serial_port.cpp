#include "pty/serial_port.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/core.h>
#include <grp.h>
#include <spdlog/spdlog.h>

namespace pty {

using boost::system::error_code;
using Settings = boost::asio::serial_port_base;

namespace {

Settings::flow_control flow_control(bool on) {
  return Settings::flow_control(on ? Settings::flow_control::hardware
                                   : Settings::flow_control::none);
}

/// What can be done about it.
std::string advice_for(const error_code& error, const std::string& device) {
  if (error == boost::system::errc::no_such_file_or_directory)
    return "; is it plugged in? ls /dev/serial/by-id";
  if (error != boost::system::errc::permission_denied) return {};
  struct stat about {};
  const auto* const group =
      ::stat(device.c_str(), &about) == 0 ? ::getgrgid(about.st_gid) : nullptr;
  if (group == nullptr || (about.st_mode & S_IWGRP) == 0) return "; only its owner may";
  return fmt::format("; the group {} may: sudo usermod -aG {} $USER, and log in again",
                     group->gr_name, group->gr_name);
}

}  // namespace

SerialPort::SerialPort(boost::asio::io_context& io, std::string device, std::uint32_t baud)
    : device_(std::move(device)),
      given_baud_(baud),
      baud_(baud),
      settings_(io),
      stream_(io),
      retry_(io),
      drain_(io),
      dsr_(
          io, [this] { return dsr_of(settings_.native_handle()); },
          [this](bool raised) {
            if (events_.lines_changed) events_.lines_changed({raised});
          }) {}

std::optional<std::string> SerialPort::unusable(const std::string& device) {
  struct stat about {};
  if (::stat(device.c_str(), &about) == 0 && !S_ISCHR(about.st_mode))
    return "it is no serial device";
  if (::access(device.c_str(), R_OK | W_OK) == 0) return std::nullopt;
  const error_code error(errno, boost::system::system_category());
  return error.message() + advice_for(error, device);
}

std::optional<std::string> SerialPort::open() {
  if (const error_code error = open_device()) {
    return fmt::format("cannot open the serial device {} at {} baud: {}{}", device_, baud_,
                       error.message(), advice_for(error, device_));
  }
  return std::nullopt;
}

error_code SerialPort::open_device() {
  error_code error;
  settings_.open(device_, error);
  if (!error) settings_.set_option(Settings::character_size(8), error);
  if (!error) settings_.set_option(Settings::parity(Settings::parity::none), error);
  if (!error) settings_.set_option(Settings::stop_bits(Settings::stop_bits::one), error);
  if (!error) settings_.set_option(flow_control(flow_control_), error);
  if (!error) settings_.set_option(Settings::baud_rate(baud_), error);
  if (!error) {
    const int copy = ::fcntl(settings_.native_handle(), F_DUPFD_CLOEXEC, 0);
    error = copy < 0 ? error_code(errno, boost::system::system_category()) : stream_.attach(copy);
  }
  error_code ignored;
  if (error) settings_.close(ignored);
  return error;
}

void SerialPort::start(Events events) {
  events_ = std::move(events);
  stream_.when_drained([this] {
    if (events_.drained) events_.drained();
  });
  boost::asio::post(retry_.get_executor(), [this, serving = std::weak_ptr(serving_)] {
    if (!serving.expired()) serve();
  });
}

void SerialPort::serve() {
  stream_.read({[this](std::string_view bytes) { events_.received(bytes); },
                [this](error_code error) { lost(error.message()); }});
  dsr_.start();
  events_.opened();
}

void SerialPort::lost(const std::string& why) {
  spdlog::warn("serial: {} is gone: {}", device_, why);
  error_code ignored;
  dsr_.stop();
  stream_.close();
  settings_.close(ignored);
  const std::weak_ptr serving(serving_);
  events_.closed();
  if (!serving.expired()) look_for_device();
}

void SerialPort::look_for_device() {
  retry_.expires_after(reopen_interval);
  retry_.async_wait([this, serving = std::weak_ptr(serving_)](error_code) {
    if (serving.expired()) return;
    if (open_device()) {
      look_for_device();
    } else {
      spdlog::info("serial: {} is back", device_);
      serve();
    }
  });
}

void SerialPort::stop() {
  serving_.reset();
  retry_.cancel();
  drain_.cancel();
  dsr_.stop();
  error_code ignored;
  stream_.close();
  settings_.close(ignored);
}

void SerialPort::set_line(const at::SerialLine& line) {
  set_when_sent(line, std::chrono::steady_clock::now() + drain_limit);
}

void SerialPort::set_lines(const at::ModemLines& lines) {
  const int dtr = TIOCM_DTR;
  if (settings_.is_open())
    ::ioctl(settings_.native_handle(), lines.dcd ? TIOCMBIS : TIOCMBIC, &dtr);
}

void SerialPort::set_when_sent(const at::SerialLine& line,
                               std::chrono::steady_clock::time_point deadline) {
  int sending = 0;
  if (settings_.is_open()) ::ioctl(settings_.native_handle(), TIOCOUTQ, &sending);
  const bool sent = sending == 0 && stream_.queued() == 0;
  if (sent || std::chrono::steady_clock::now() >= deadline) return apply(line);
  drain_.expires_after(std::chrono::milliseconds(1));
  drain_.async_wait([this, line, deadline, serving = std::weak_ptr(serving_)](error_code error) {
    if (!error && !serving.expired()) set_when_sent(line, deadline);
  });
}

void SerialPort::apply(const at::SerialLine& line) {
  // At 0 the module would find the host's rate, which the wire does not tell.
  const auto rate = line.rate == 0 ? baud_ : static_cast<std::uint32_t>(line.rate);
  if (const auto wrong = set_baud(rate)) spdlog::warn("serial: {}", *wrong);
  flow_control_ = line.module_heeds_rts || line.module_raises_cts;
  error_code error;
  if (settings_.is_open()) settings_.set_option(flow_control(flow_control_), error);
  if (error) spdlog::warn("serial: {} has no flow control: {}", device_, error.message());
}

std::optional<std::string> SerialPort::set_baud(std::uint32_t rate) {
  error_code error;
  if (settings_.is_open()) settings_.set_option(Settings::baud_rate(rate), error);
  if (error) return fmt::format("{} cannot run at {} baud: {}", device_, rate, error.message());
  baud_ = rate;
  return std::nullopt;
}

}  // namespace pty
