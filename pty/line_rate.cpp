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
  line_ = line;
  auto real = line;
  real.rate = rate();
  port_.set_line(real);
}

void LineRate::disturb(std::optional<int> rate) {
  disturbed_ = rate;
  set_line(at::SerialLine(line_));
}

void LineRate::write(std::string_view bytes) {
  const auto host = looks() ? port_.host_rate() : std::nullopt;
  // reading: a host that has hung up (speed 0) still hears, at the rate that it had
  if (!host || *host == 0 || (rate() != 0 && agreed(*host))) return port_.write(bytes);
  if (rate() == 0) return;
  const auto heard = as_received(bytes, rate(), *host);
  if (!heard.empty()) port_.write(heard);
}

std::string LineRate::received(std::string_view bytes) {
  const auto host = looks() ? port_.host_rate() : std::nullopt;
  if (!host) return std::string(bytes);
  if (*host == 0) return {};
  if (rate() == 0) {
    const auto begin = attention(bytes);
    if (begin == std::string_view::npos) return {};
    line_.rate = *host;
    spdlog::info("{}: the host runs at {} baud, and so does the module now", port_.address(),
                 line_.rate);
    return std::string(bytes.substr(begin));
  }
  if (agreed(*host)) return std::string(bytes);
  return as_received(bytes, *host, rate());
}

bool LineRate::agreed(int host_rate) {
  const bool agree = rates_agree(rate(), host_rate);
  if (agree && std::exchange(told_, false))
    spdlog::warn("{}: the host runs at {} baud, as the module does", port_.address(), host_rate);
  if (!agree && !std::exchange(told_, true))
    spdlog::warn("{}: the host runs at {} baud, the module at {}: neither understands the other",
                 port_.address(), host_rate, rate());
  return agree;
}

}  // namespace pty
