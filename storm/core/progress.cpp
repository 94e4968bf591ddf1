#include "storm/core/progress.hpp"

#include <fmt/format.h>

namespace storm {
namespace {

/// To the start of the line, and away with what stands there.
constexpr std::string_view fresh_line = "\r\x1b[K";
/// A line that wraps could not be written over.
constexpr std::size_t max_columns = 79;

}  // namespace

void Progress::tick(const Tally& tally, Time now) {
  const auto& messages = tally.messages;
  const double time = seconds(now - last_);
  const auto rate = time > 0 ? static_cast<double>(messages.confirmed - confirmed_) / time : 0.0;
  confirmed_ = messages.confirmed;
  last_ = now;
  const auto line =
      fmt::format("{:.0f} s: {}/{} connected, {:.1f}/s, {} confirmed, {} failed, p99 {:.0f} ms",
                  seconds(now), tally.connected(), tally.fleet(), rate, messages.confirmed,
                  messages.failed.all(), seconds(tally.publish_times.quantile(0.99)) * 1000);
  print_(kind_ == Kind::terminal ? fmt::format("{}{:.{}}", fresh_line, line, max_columns)
                                 : line + "\n");
}

void Progress::end() {
  if (kind_ == Kind::terminal) print_(fresh_line);
}

}  // namespace storm
