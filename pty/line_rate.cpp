#include "pty/line_rate.hpp"

#include "pty/uart.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

namespace pty {
namespace {

/// Where the first AT begins, as a host types it to have its rate found.
std::size_t attention(std::string_view bytes) {
  const auto at = bytes.find("AT");
  return at == std::string_view::npos ? bytes.find("at") : at;
}

}  // namespace

void LineRate::set_line(const at::SerialLine& line) {
  rate_ = line.rate;
  port_.set_line(line);
}

void LineRate::write(std::string_view bytes) {
  const auto host = port_.host_rate();
  if (!host || (rate_ != 0 && agreed(*host))) return port_.write(bytes);
  if (rate_ == 0 || *host == 0) return;
  const auto heard = as_received(bytes, rate_, *host);
  if (!heard.empty()) port_.write(heard);
}

std::string LineRate::received(std::string_view bytes) {
  const auto host = port_.host_rate();
  if (!host) return std::string(bytes);
  if (rate_ == 0) {
    const auto begin = attention(bytes);
    if (begin == std::string_view::npos || *host == 0) return {};
    rate_ = *host;
    spdlog::info("{}: the host runs at {} baud, and so does the module now", port_.address(),
                 rate_);
    return std::string(bytes.substr(begin));
  }
  if (agreed(*host)) return std::string(bytes);
  return *host == 0 ? std::string() : as_received(bytes, *host, rate_);
}

bool LineRate::agreed(int host_rate) {
  const bool agree = rates_agree(rate_, host_rate);
  if (agree && std::exchange(told_, false))
    spdlog::warn("{}: the host runs at {} baud, as the module does", port_.address(), host_rate);
  if (!agree && !std::exchange(told_, true))
    spdlog::warn("{}: the host runs at {} baud, the module at {}: neither understands the other",
                 port_.address(), host_rate, rate_);
  return agree;
}

}  // namespace pty
