#include "conformance/report/progress.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace conformance {
namespace {

using namespace std::chrono_literals;

/// To the start of the line, and away with what stands there.
constexpr std::string_view fresh_line = "\r\x1b[K";

}  // namespace

std::string rounded(Progress::Time time) {
  const auto all_seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
  if (all_seconds < 60) return fmt::format("{} s", all_seconds);
  const auto all_minutes = (all_seconds + 30) / 60;
  if (all_minutes < 60) return fmt::format("{} min", all_minutes);
  return fmt::format("{} h {} min", all_minutes / 60, all_minutes % 60);
}

Progress::Progress(Kind kind, std::vector<Time> expected,
                   std::function<void(std::string_view)> print)
    : kind_(kind),
      expected_(std::move(expected)),
      print_(std::move(print)),
      expected_later_(std::accumulate(expected_.begin(), expected_.end(), Time{0})) {}

void Progress::done(Verdict verdict, Time now, const std::string& text) {
  const auto expected = expected_.at(done_++);
  expected_so_far_ += expected;
  expected_later_ -= expected;
  last_done_ = now;
  if (verdict == Verdict::fail) ++failed_;
  if (!text.empty()) print_((kind_ == Kind::status ? std::string(fresh_line) : "") + text);
  tick(now);
}

void Progress::tick(Time now) {
  if (kind_ == Kind::none || done_ == expected_.size()) return;
  if (kind_ == Kind::status) return print_(std::string(fresh_line) + line(now));
  if (now - last_line_ < pause) return;
  last_line_ = now;
  print_(line(now) + "\n");
}

void Progress::end() {
  if (kind_ == Kind::status) print_(fresh_line);
}

/// As much longer or shorter than expected as what is done was. A case that lasts longer than that
/// takes nothing from those behind it.
Progress::Time Progress::left(Time now) const {
  const double pace = expected_so_far_ > 0s ? static_cast<double>(last_done_.count()) /
                                                  static_cast<double>(expected_so_far_.count())
                                            : 1.0;
  const auto paced = [&](Time expected) {
    return Time(static_cast<Time::rep>(static_cast<double>(expected.count()) * pace));
  };
  const auto running = paced(expected_.at(done_));
  return paced(expected_later_) - running + std::max<Time>(running - (now - last_done_), 0s);
}

std::string Progress::line(Time now) const {
  return fmt::format("{}/{} done, {} failed, about {} left", done_, expected_.size(), failed_,
                     rounded(left(now)));
}

}  // namespace conformance
