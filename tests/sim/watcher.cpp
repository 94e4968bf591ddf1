#include "tests/sim/watcher.hpp"

#include "at_engine/grammar.hpp"

#include <cctype>
#include <map>

#include <fmt/format.h>

namespace sim {
namespace {

std::string upper(std::string_view text) {
  std::string result;
  for (const char c : text)
    result += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool is_error(std::string_view unit) {
  if (ends_with(unit, "\r\nERROR\r\n")) return true;
  for (const auto* report : {"\r\n+CME ERROR: ", "\r\n+CMS ERROR: "}) {
    const auto found = unit.rfind(report);
    if (found != std::string_view::npos && unit.find('\r', found + 2) == unit.size() - 2)
      return true;
  }
  return false;
}

bool reframes(const std::string& line) {
  for (const auto* command : {"V0", "Q1", "S3=", "S4=", "S5=", "ATZ", "AT&F", "A/", "+IPR"})
    if (line.find(command) != std::string::npos) return true;
  return false;
}

/// Comma-separated arguments, quotes taken off.
std::vector<std::string> arguments(std::string_view text) {
  std::vector<std::string> result(1);
  bool quoted = false;
  for (const char c : text) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      result.emplace_back();
    else if (c != ' ' || quoted)
      result.back() += c;
  }
  return result;
}

int number(const std::vector<std::string>& args, std::size_t i) {
  return i < args.size() && !args[i].empty() ? std::stoi(args[i]) : 0;
}

/// Behind its CONNECT the bytes are no lines any more.
bool goes_online(const std::string& line) {
  const auto name = upper(line);
  return name.rfind("+QIOPEN=", 0) == 0 || name.rfind("+QSSLOPEN=", 0) == 0 ||
         name.rfind("+QISWTMD=", 0) == 0 || name == "+QHTTPREAD" ||
         name.rfind("+QHTTPREAD=", 0) == 0 || name == "O";
}

}  // namespace

void Watcher::sent(std::string_view bytes, at::Time now) {
  if (!lines_.empty() && lines_.front().prompted) {
    lines_.front().since = now;
  }
  // ESC cancels the data entry of a sibling's QMTPUB, and the OK then accepts nothing.
  const bool escapes = bytes.find('\x1b') != std::string_view::npos;
  if (escapes && (bytes.find("QMTPUB=") != std::string_view::npos || !lines_.empty()))
    followed_ = false;
  for (const char byte : bytes) {
    if (byte == '\b' && !begun_.empty()) {
      begun_.pop_back();
    } else if (byte == '\r') {
      line_sent(std::exchange(begun_, {}), now);
    } else {
      begun_ += byte;
    }
  }
}

void Watcher::line_sent(std::string text, at::Time now) {
  const auto start = upper(text).find("AT");
  if (start == std::string::npos) return;
  text.erase(0, start + 2);
  if (reframes(upper(text))) followed_ = false;
  at::Duration limit = at::default_limit;
  for (const auto& call : at::parse_line(text).calls)
    if (const auto* row = registry_.find(call)) limit = std::max(limit, row->limit);
  lines_.push_back({std::move(text), now, limit});
}

void Watcher::wrote(std::string_view unit, at::Time now) {
  if (ends_with(unit, "\r\nOK\r\n") || ends_with(unit, "\r\nSEND OK\r\n")) {
    ended(true, now);
  } else if (is_error(unit) || ends_with(unit, "\r\nSEND FAIL\r\n") ||
             ends_with(unit, "\r\nNO CARRIER\r\n")) {
    ended(false, now);
  } else if (ends_with(unit, "\r\n> ") || ends_with(unit, "\r\nCONNECT\r\n")) {
    if (lines_.empty()) return;
    lines_.front().prompted = true;
    if (goes_online(lines_.front().text)) followed_ = false;
    // How long a transfer takes is the host's affair.
    if (unit.back() != ' ') lines_.front().limit = at::Duration::max();
  } else if (unit.substr(0, 2) == "\r\n" && followed_) {
    const auto line = unit.substr(2, unit.size() - 4);
    if (line == "POWERED DOWN") ledger_.restart();
    ledger_.said(line, now);
  }
}

void Watcher::ended(bool ok, at::Time now) {
  if (!followed_) return;
  if (lines_.empty()) {
    followed_ = false;
    return;
  }
  const auto line = std::move(lines_.front());
  lines_.pop_front();
  if (line.prompted) begun_.clear();
  if (!lines_.empty()) lines_.front().since = now;
  if (now - line.since > line.limit)
    throw Violation(fmt::format("final result of AT{} after its limit", line.text));
  const auto calls = upper(line.text);
  if (!ok) {
    if (calls.find(';') != std::string::npos && calls.find("+QMT") != std::string::npos)
      followed_ = false;
    return;
  }
  // Behind it the bytes are frames.
  if (calls.find("+CMUX=") != std::string::npos) followed_ = false;
  std::size_t start = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= line.text.size(); ++i) {
    if (i < line.text.size() && line.text[i] == '"') quoted = !quoted;
    if (i < line.text.size() && (quoted || line.text[i] != ';')) continue;
    call_accepted(std::string_view(line.text).substr(start, i - start), now);
    start = i + 1;
  }
}

void Watcher::call_accepted(std::string_view call, at::Time now) {
  static const std::map<std::string_view, Kind> kinds{
      {"+QMTOPEN", Kind::open},       {"+QMTCLOSE", Kind::close},   {"+QMTCONN", Kind::connect},
      {"+QMTDISC", Kind::disconnect}, {"+QMTSUB", Kind::subscribe}, {"+QMTUNS", Kind::unsubscribe},
      {"+QMTPUBEX", Kind::publish},   {"+QMTPUB", Kind::publish}};
  const auto equals = call.find('=');
  if (equals == std::string_view::npos || call.substr(equals, 2) == "=?") return;
  auto name = upper(call.substr(0, equals));
  name.erase(0, name.find_first_not_of(' '));
  while (!name.empty() && name.back() == ' ') name.pop_back();
  const auto args = arguments(call.substr(equals + 1));
  if (name == "+CFUN" && number(args, 1) == 1) ledger_.restart();
  if (name == "+QMTCFG" && upper(args[0]) == "TIMEOUT" && args.size() == 5)
    ledger_.set_timeout(number(args, 1), number(args, 2), number(args, 3), number(args, 4) != 0);
  const auto kind = kinds.find(name);
  if (kind == kinds.end()) return;
  const bool publish = kind->second == Kind::publish;
  const bool exchange =
      publish || kind->second == Kind::subscribe || kind->second == Kind::unsubscribe;
  ledger_.accepted(kind->second, number(args, 0), exchange ? number(args, 1) : 0,
                   publish ? number(args, 2) : 0, now);
}

void Watcher::settled(at::Time now, bool idle) {
  if (!followed_) return;
  if (idle) {
    lines_.clear();
    ledger_.check(now);
  } else if (!lines_.empty() && !lines_.front().prompted &&
             now - lines_.front().since > lines_.front().limit) {
    throw Violation(fmt::format("no final result of AT{} within its limit", lines_.front().text));
  }
}

}  // namespace sim
