#include "tests/sim/line_judge.hpp"

#include "conformance/transcript/escape.hpp"
#include "tests/sim/ledger.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sim {
namespace {

std::string with_line_ends(std::string_view text, std::string_view instead) {
  std::string changed;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool ends = text.substr(i, 2) == "\r\n";
    changed += ends ? instead : text.substr(i, 1);
    i += ends ? 1 : 0;
  }
  return changed;
}

}  // namespace

void LineJudge::write(std::string_view bytes) {
  said_.write(bytes);
  said_bytes_ += bytes.size();
  const auto unit = std::min(std::exchange(unit_, 0), bytes.size());
  faults_.clear();
  writing_ = true;
  line_->write(bytes);
  writing_ = false;
  no_later_ = std::max(no_later_, timeline_.now());
  due_ += bytes.substr(0, bytes.size() - unit);
  due_ += disturbed(bytes.substr(bytes.size() - unit));
}

/// What the faults that struck make of an answer, and of the time until it is there. Each acts upon
/// the pieces that those before it have left: a byte is counted from the first, `reply-pieces`
/// takes each, and for `crlf` a CR at the end of one is of the next.
std::string LineJudge::disturbed(std::string_view answer) {
  std::vector<std::string> pieces{std::string(answer)};
  for (const auto* fault : faults_) {
    const auto type = fault->type().name;
    auto at = static_cast<std::size_t>(fault->number("at"));
    auto place = pieces.begin();
    for (; place != pieces.end() && at >= place->size(); ++place) at -= place->size();
    const bool there = place != pieces.end();
    if (type == "reply-drop") return {};
    if (type == "reply-delay" || type == "reply-coalesce" || type == "echo-delay")
      no_later_ += fault->ms();
    if (type == "reply-corrupt" && there) (*place)[at] = static_cast<char>((*place)[at] ^ 1);
    if (type == "reply-lost-byte" && there) place->erase(at, 1);
    if (type == "reply-split" && there) {
      no_later_ += fault->ms();
      auto rest = place->substr(at);
      place->resize(at);
      pieces.insert(std::next(place), std::move(rest));
    }
    if (type == "reply-pieces")
      for (std::size_t i = 0; i < pieces.size(); ++i) break_off(pieces, i, *fault);
    if (type != "crlf") continue;
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      if (!pieces[i].starts_with('\n') || !pieces[i - 1].ends_with('\r')) continue;
      pieces[i - 1].pop_back();
      pieces[i] = '\r' + pieces[i];
    }
    const auto* const instead = fault->text("mode") == "doubled" ? "\r\n\r\n" : "";
    for (auto& piece : pieces) piece = with_line_ends(piece, instead);
  }
  std::string all;
  for (const auto& piece : pieces) all += piece;
  return all;
}

/// What is behind so many bytes of a piece is one of its own, and later.
void LineJudge::break_off(std::vector<std::string>& pieces, std::size_t which,
                          const emulator::faults::Fault& fault) {
  const auto bytes = static_cast<std::size_t>(fault.number("bytes"));
  if (pieces[which].size() <= bytes) return;
  no_later_ += fault.ms();
  auto rest = pieces[which].substr(bytes);
  pieces[which].resize(bytes);
  pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(which) + 1, std::move(rest));
}

void LineJudge::check() {
  const std::string_view come = end_.unread;
  for (const char byte : come) hash_ = (hash_ ^ static_cast<unsigned char>(byte)) * 1099511628211U;
  if (due_.compare(0, come.size(), come) != 0)
    throw Violation(fmt::format("the line should bring {}\n  but brings {}",
                                transcript::escaped(due_), transcript::escaped(come)));
  due_.erase(0, come.size());
  if (!due_.empty() && timeline_.now() >= no_later_)
    throw Violation("the line keeps " + transcript::escaped(due_));
  end_.unread.clear();
  end_.writes.clear();
}

}  // namespace sim
