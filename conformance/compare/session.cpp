#include "conformance/compare/session.hpp"

#include "conformance/run/verdict.hpp"
#include "conformance/transcript/escape.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace conformance {

using transcript::escaped;

namespace {

/// Pieces closer than this are one.
constexpr auto gap = std::chrono::milliseconds(30);
/// Pauses of the host that the case repeats; shorter ones are only how fast it typed.
constexpr auto pause = std::chrono::seconds(1);
/// What takes longer needs a step that waits for it.
constexpr auto soon = std::chrono::seconds(4);

bool plain(const std::string& text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E || c == '$')
      return false;
  return !text.empty() && text.front() != ' ' && text.back() != ' ';
}

/// `$` would name a variable, a blank at the end would not be seen.
std::string raw(const std::string& bytes) {
  std::string text;
  for (const char c : escaped(bytes)) text += c == '$' ? std::string("$$") : std::string(1, c);
  if (!text.empty() && text.back() == ' ') text.replace(text.size() - 1, 1, "\\s");
  return text;
}

std::string host_steps(const std::string& bytes) {
  std::string steps;
  std::size_t start = 0;
  while (start < bytes.size()) {
    const auto end = bytes.find('\r', start);
    if (end != std::string::npos && plain(bytes.substr(start, end - start))) {
      steps += "> " + bytes.substr(start, end - start) + "\n";
      start = end + 1;
    } else {
      const auto stop = end == std::string::npos ? bytes.size() : end + 1;
      steps += ">> " + raw(bytes.substr(start, stop - start)) + "\n";
      start = stop;
    }
  }
  return steps;
}

/// How many of the bytes from `start` the next step takes, and the step.
std::pair<std::size_t, std::string> unit_step(const std::string& bytes, std::size_t start) {
  constexpr std::string_view frame = "\r\n";
  const bool framed = bytes.compare(start, frame.size(), frame) == 0;
  const auto text_at = framed ? start + frame.size() : start;
  const auto end = bytes.find(frame, text_at);
  const auto line = end == std::string::npos ? "" : bytes.substr(text_at, end - text_at);
  if (plain(line) && line.find('\\') == std::string::npos && (framed || start > 0))
    return {end + frame.size() - start, (framed ? "< " : "<| ") + line};
  auto size = end == std::string::npos ? bytes.size() - start : end - start;
  if (framed || size == 0) size = std::min(size + frame.size(), bytes.size() - start);
  return {size, "<< " + raw(bytes.substr(start, size))};
}

/// Framed lines as `<`, the rest as bytes.
std::string unit_steps(const std::string& bytes, const std::string& within) {
  std::string steps;
  for (std::size_t start = 0; start < bytes.size();) {
    const auto [size, step] = unit_step(bytes, start);
    steps += (start == 0 ? within : "") + step + "\n";
    start += size;
  }
  return steps;
}

}  // namespace

void Session::add(std::chrono::microseconds at, bool from_host, const std::string& bytes) {
  if (pieces_.size() >= max_pieces) return;
  const bool joins =
      !pieces_.empty() && pieces_.back().from_host == from_host && at - pieces_.back().at < gap;
  if (joins)
    pieces_.back().bytes += bytes;
  else
    pieces_.push_back({at, from_host, bytes});
}

bool Session::echoed() const {
  for (std::size_t i = 0; i + 1 < pieces_.size(); ++i)
    if (pieces_[i].from_host)
      return !pieces_[i + 1].from_host &&
             pieces_[i + 1].bytes.compare(0, 2, pieces_[i].bytes, 0, 2) == 0;
  return false;
}

std::string Session::as_case(const std::string& title) const {
  auto text = fmt::format("# {}\ncase {}\n", title, title);
  if (echoed()) text += "echo\n";
  std::chrono::microseconds last{0};
  const auto first = std::find_if(pieces_.begin(), pieces_.end(),
                                  [](const auto& piece) { return piece.from_host; });
  for (auto at = first; at != pieces_.end(); ++at) {
    const auto& piece = *at;
    const auto since = piece.at - last;
    if (piece.from_host) {
      if (since >= pause && last.count() > 0) text += fmt::format("wait {:.1f}s\n", seconds(since));
      text += fmt::format("# at {:.3f} s\n", seconds(piece.at)) + host_steps(piece.bytes);
    } else {
      const auto within =
          since > soon ? fmt::format("within {:.0f}s ", std::ceil(seconds(since) * 2)) : "";
      text += fmt::format("# at {:.3f} s\n", seconds(piece.at)) + unit_steps(piece.bytes, within);
    }
    last = piece.at;
  }
  return text;
}

}  // namespace conformance
