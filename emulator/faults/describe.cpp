#include "emulator/faults/describe.hpp"

#include "emulator/faults/fault_type.hpp"

#include <string_view>

#include <fmt/format.h>

namespace emulator::faults {
namespace {

std::string_view told(Moment moment) {
  switch (moment) {
    case Moment::reply:
      return "when an answer is about to be said";
    case Moment::echo:
      return "when the host's bytes are about to be said back";
    case Moment::prompt:
      return "when a prompt is about to be said";
    case Moment::command:
      return "in place of a command";
    case Moment::heard:
      return "when a command line is complete, or with `of`; at once without a condition on one";
    case Moment::data:
      return "when data for a prompt begin";
    case Moment::open:
      return "when a client opens its link, or another connection is opened";
    case Moment::packet:
      return "when such a packet of the broker has come";
    case Moment::boot:
      return "when the module is switched on";
    case Moment::at_once:
      return "when it is set, or when the command of its conditions comes";
  }
  return {};
}

std::string_view moment_of(const FaultType& type) {
  if (type.moment == Moment::heard && type.param("of") == nullptr)
    return "when a command line is complete";
  return told(type.moment);
}

std::string described(const FaultType& type) {
  auto text = fmt::format("\n### {}\n\n{}. Acts {}.\n", type.name, type.summary, moment_of(type));
  if (type.params.front().kind == Param::Kind::none) return text;
  text += "\n| parameter | allowed | left out | |\n|---|---|---|---|\n";
  for (const auto& param : type.params) {
    if (param.kind == Param::Kind::none) continue;
    const auto otherwise = !param.optional           ? std::string("needed")
                           : param.otherwise.empty() ? std::string("without")
                                                     : std::string(param.otherwise);
    text += fmt::format("| `{}` | {} | {} | {} |\n", param.name, allowed(param), otherwise,
                        param.summary);
  }
  return text;
}

}  // namespace

std::string describe() {
  std::string text =
      "# Faults\n\nMade by `eg91xq --describe-faults` from the tables that the program runs on.\n";
  for (const auto& subject : all_subjects()) {
    text += fmt::format("\n## {}\n", subject.name);
    for (const auto& type : subject.types) text += described(type);
  }
  return text;
}

}  // namespace emulator::faults
