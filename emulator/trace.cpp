#include "emulator/trace.hpp"

#include "emulator/device/files/file_checksum.hpp"

#include <chrono>
#include <ctime>
#include <iterator>

#include <fmt/core.h>

namespace emulator {

namespace {

std::string time_stamp() {
  using std::chrono::milliseconds;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto count = std::chrono::duration_cast<milliseconds>(now).count();
  const auto seconds = static_cast<std::time_t>(count / 1000);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                     count % 1000);
}

/// By the module.
capture::Direction seen(Trace::Direction direction) {
  return direction == Trace::Direction::from_host ? capture::Direction::received
                                                  : capture::Direction::sent;
}

}  // namespace

std::string quoted(std::string_view bytes) {
  std::string text = "\"";
  for (const char byte : bytes) {
    if (byte == '\r') {
      text += "\\r";
    } else if (byte == '\n') {
      text += "\\n";
    } else if (byte == '"' || byte == '\\') {
      text += {'\\', byte};
    } else if (byte >= ' ' && byte <= '~') {
      text += byte;
    } else {
      fmt::format_to(std::back_inserter(text), "\\x{:02X}", static_cast<unsigned char>(byte));
    }
  }
  return text + '"';
}

void Trace::record(std::string_view channel, Direction direction, std::string_view bytes) {
  if (capture_ != nullptr) capture_->line(channel, seen(direction), bytes);
  if (file_.active()) write(channel, direction, quoted(bytes));
}

void Trace::record_file(std::string_view channel, Direction direction, std::string_view content) {
  if (!active()) return;
  const auto what = fmt::format("{} bytes of a file, checksum {:x}", content.size(),
                                device::file_checksum(content));
  if (capture_ != nullptr) capture_->line(channel, seen(direction), {}, what);
  if (file_.active()) write(channel, direction, what);
}

void Trace::write(std::string_view channel, Direction direction, const std::string& what) {
  file_.append(fmt::format("{} {} {} {}\n", time_stamp(), channel,
                           direction == Direction::from_host ? '>' : '<', what));
}

}  // namespace emulator
