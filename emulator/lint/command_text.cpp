#include "emulator/lint/command_text.hpp"

#include "at_engine/args.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace emulator::lint {
namespace {

constexpr std::string_view mqtt_prefix = "+QMT";
constexpr std::array<std::string_view, 4> with_msg_id{"+QMTPUBEX", "+QMTPUB", "+QMTSUB", "+QMTUNS"};
constexpr std::array<std::string_view, 9> without_secrets{"+QMTPUBEX", "+QMTPUB",  "+QMTSUB",
                                                          "+QMTUNS",   "+QMTOPEN", "+QMTCLOSE",
                                                          "+QMTDISC",  "+QMTRECV", "+QFUPL"};

template <class Names>
bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::optional<ClientCommand> client_command(std::string_view line) {
  const auto sign = line.find('=');
  if (line.substr(0, mqtt_prefix.size()) != mqtt_prefix || sign == std::string_view::npos)
    return std::nullopt;
  const auto args = at::split_args(line.substr(sign + 1));
  if (!args || args->empty()) return std::nullopt;
  const auto client = at::parse_number((*args)[0].text);
  if (!client) return std::nullopt;
  ClientCommand command{line.substr(0, sign), static_cast<int>(*client), 0};
  if (args->size() > 1 && has(with_msg_id, command.name))
    command.msg_id = static_cast<int>(at::parse_number((*args)[1].text).value_or(0));
  return command;
}

std::string shown_command(std::string_view line) {
  const auto sign = std::min(line.find('='), line.size());
  const bool whole = sign == line.size() || line.substr(sign) == "=?" ||
                     has(without_secrets, line.substr(0, sign));
  return whole ? fmt::format("AT{}", line) : fmt::format("AT{}=...", line.substr(0, sign));
}

}  // namespace emulator::lint
