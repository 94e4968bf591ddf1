#include "emulator/faults/fault_type.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace emulator::faults {
namespace {

using Kind = Param::Kind;

constexpr Param ms(std::string_view summary) {
  return {.name = "ms", .kind = Kind::number, .low = 0, .high = longest_ms, .summary = summary};
}

constexpr Param number(std::string_view name, std::int64_t low, std::int64_t high,
                       std::string_view summary) {
  return {.name = name, .kind = Kind::number, .low = low, .high = high, .summary = summary};
}

constexpr Param optional(Param param, std::string_view otherwise) {
  param.optional = true;
  param.otherwise = otherwise;
  return param;
}

constexpr Param of_what{.name = "of",
                        .kind = Kind::word,
                        .words = "command|reply|data",
                        .optional = true,
                        .otherwise = "command",
                        .summary = "whose bytes at_byte counts"};
constexpr Param at_byte = optional(number("at_byte", 0, 1'048'576, "after so many bytes"), "");

}  // namespace

const FaultType* find_type(std::string_view name) {
  const auto& types = all_types();
  const auto* const found = std::find_if(types.begin(), types.end(),
                                         [&](const FaultType& type) { return type.name == name; });
  return found == types.end() ? nullptr : found;
}

const Param* FaultType::param(std::string_view wanted) const {
  const auto* const found = std::find_if(params.begin(), params.end(), [&](const Param& each) {
    return each.kind != Kind::none && each.name == wanted;
  });
  return found == params.end() ? nullptr : found;
}

const std::array<FaultType, type_count>& all_types() {
  static constexpr std::array<FaultType, type_count> table{{
      {"reply-delay", Moment::reply, "The answer comes later", {ms("by so much")}},
      {"reply-drop", Moment::reply, "The answer does not come, its echo does", {}},
      {"reply-split",
       Moment::reply,
       "The answer comes in two parts",
       {number("at", 0, 1'048'576, "bytes of the first part"), ms("between the parts")}},
      {"reply-pieces",
       Moment::reply,
       "The answer comes in pieces",
       {number("bytes", 1, 65'536, "of each piece"), ms("between two pieces")}},
      {"reply-corrupt",
       Moment::reply,
       "The lowest bit of one byte of the answer is flipped",
       {number("at", 0, 1'048'576, "which byte, from 0")}},
      {"reply-lost-byte",
       Moment::reply,
       "One byte of the answer is missing",
       {number("at", 0, 1'048'576, "which byte, from 0")}},
      {"result",
       Moment::command,
       "The command does not run; this is its final result",
       {Param{.name = "text",
              .kind = Kind::text,
              .low = 1,
              .high = 128,
              .summary = "as it is said, without CR LF"}}},
      {"cme",
       Moment::command,
       "The command does not run and ends with this +CME ERROR",
       {number("code", 0, 999, "of the manual's table")}},
      {"reset", Moment::heard, "The module starts anew, without a word", {at_byte, of_what}},
      {"brownout",
       Moment::heard,
       "The supply fails: the module is off, and starts when it is back",
       {at_byte, of_what, optional(ms("until it is back"), "500")}},
      {"urc-storm",
       Moment::at_once,
       "A URC again and again",
       {Param{.name = "line",
              .kind = Kind::text,
              .low = 1,
              .high = 512,
              .summary = "as it is said, without CR LF"},
        number("per_s", 1, 10'000, "how many a second"), number("s", 1, longest_s, "for so long")}},
      {"flash-full", Moment::at_once, "The flash takes nothing more", {}},
      {"registration",
       Moment::at_once,
       "The network is lost, or denies service",
       {Param{.name = "mode",
              .kind = Kind::word,
              .words = "lost|denied",
              .summary = "what happens to the registration"},
        optional(number("s", 1, longest_s, "until it is as before; left out: until the fault goes"),
                 "")}},
      {"pdp-deactivate",
       Moment::at_once,
       "The network takes a context down",
       {number("cid", 1, 15, "which context")}},
      {"dns",
       Moment::open,
       "The broker's name is not answered, leads to the wrong address, or is answered late",
       {Param{.name = "mode",
              .kind = Kind::word,
              .words = "none|wrong|slow",
              .summary = "what the name server does"},
        optional(ms("of slow"), "5000")}},
      {"connect",
       Moment::open,
       "The connection is refused, not answered, or reset once it is there",
       {Param{.name = "mode",
              .kind = Kind::word,
              .words = "refuse|swallow|reset",
              .summary = "what becomes of it"}}},
      {"link",
       Moment::at_once,
       "Established links are reset, let nothing pass any more, or are slow",
       {Param{.name = "mode",
              .kind = Kind::word,
              .words = "reset|half-open|slow",
              .summary = "what becomes of them"},
        optional(number("delay_ms", 0, longest_ms, "of slow: how late the broker is heard"),
                 "1000"),
        optional(number("jitter_ms", 0, longest_ms, "of slow: more or less by up to so much"),
                 "0")}},
      {"nat-idle",
       Moment::at_once,
       "A NAT between forgets a link after so long without traffic",
       {number("s", 1, longest_s, "for how long nothing may pass")}},
      {"broker",
       Moment::packet,
       "A packet of the broker is lost, late, repeated or wrong",
       {Param{.name = "packet",
              .kind = Kind::word,
              .words = "connack|puback|pubrec|pubcomp|suback|unsuback|pingresp",
              .summary = "which"},
        Param{.name = "mode",
              .kind = Kind::word,
              .words = "withhold|late|twice|wrong-id|malformed",
              .optional = true,
              .summary = "what becomes of it; needed without a code"},
        optional(ms("of late"), "1000"),
        optional(number("code", 0, 255, "its return code, of connack and suback"), "")}},
      {"broker-disconnect", Moment::at_once, "The broker closes established links", {}},
  }};
  return table;
}

std::string allowed(const Param& param) {
  switch (param.kind) {
    case Kind::number:
      return fmt::format("a number, {} to {}", param.low, param.high);
    case Kind::text:
      return fmt::format("a text of {} to {} printable characters", param.low, param.high);
    case Kind::word: {
      std::string words(param.words);
      for (auto bar = words.find('|'); bar != std::string::npos; bar = words.find('|', bar))
        words.replace(bar, 1, " or ");
      return words;
    }
    case Kind::none:
      break;
  }
  return {};
}

}  // namespace emulator::faults
