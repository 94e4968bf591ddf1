#include "storm/core/answer.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace storm {
namespace {

using Kind = Answer::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 7> results{
    {{"+QMTOPEN: ", Kind::open},
     {"+QMTCONN: ", Kind::connect},
     {"+QMTSUB: ", Kind::subscribe},
     {"+QMTPUBEX: ", Kind::publish},
     {"+QMTSTAT: ", Kind::status},
     {"+QMTDISC: ", Kind::disconnect},
     {"+QMTCLOSE: ", Kind::close}}};

bool take(std::string_view& text, std::string_view beginning) {
  if (text.substr(0, beginning.size()) != beginning) return false;
  text.remove_prefix(beginning.size());
  return true;
}

std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

/// `rest` begins behind the client's index: ",1,0".
Answer read_result(Kind kind, std::string_view rest) {
  Answer answer;
  while (!rest.empty()) {
    if (!take(rest, ",")) return {};
    const auto value = take_number(rest);
    if (!value) return {};
    if (answer.count < Answer::max_values) answer.values[answer.count++] = *value;
  }
  if (answer.count == 0) return {};
  answer.kind = kind;
  return answer;
}

/// `rest` begins behind the client's index: ,7,"topic",5,"bytes" or without the length. The payload
/// may hold quotes: it ends with the line.
Answer read_message(std::string_view rest) {
  if (!take(rest, ",") || !take_number(rest) || !take(rest, ",\"")) return {};
  const auto end_of_topic = rest.find("\",");
  if (end_of_topic == std::string_view::npos) return {};
  Answer answer;
  answer.topic = rest.substr(0, end_of_topic);
  rest.remove_prefix(end_of_topic + 2);
  if (take_number(rest) && !take(rest, ",")) return {};
  if (!take(rest, "\"") || rest.empty() || rest.back() != '"') return {};
  rest.remove_suffix(1);
  answer.payload = rest;
  answer.kind = Kind::message;
  return answer;
}

}  // namespace

Answer read_answer(std::string_view line) {
  if (line == "OK") return {Kind::ok};
  if (line == "ERROR" || line.substr(0, 11) == "+CME ERROR:") return {Kind::error};
  if (line == "RDY") return {Kind::ready};
  if (take(line, "+QMTRECV: ")) {
    const auto client = take_number(line);
    return client == 0 ? read_message(line) : Answer{};
  }
  for (const auto& [beginning, kind] : results) {
    if (!take(line, beginning)) continue;
    const auto client = take_number(line);
    return client == 0 ? read_result(kind, line) : Answer{};
  }
  return {};
}

}  // namespace storm
