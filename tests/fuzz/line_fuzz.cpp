// Any bytes of a host as lines: each call of a line stands for itself when it is typed alone, and
// arguments are never more than there may be.
#include "at_engine/args.hpp"
#include "at_engine/grammar.hpp"
#include "at_engine/line.hpp"
#include "tests/fuzz/pieces.hpp"

#include <cstdint>
#include <string_view>

namespace {

void judge(const at::ParsedCall& call) {
  const auto alone = at::parse_line(at::typed(call));
  fuzz::require(alone.complete && alone.calls.size() == 1, "one call is one call", call.name);
  const auto& again = alone.calls.front();
  fuzz::require(again.name == call.name && again.type == call.type, "the same call", call.name);
  const auto args = at::split_args(call.text);
  if (!args) return;
  fuzz::require(args->size() <= at::Args::max_args, "arguments have a limit");
  for (const auto& arg : *args) at::parse_number(arg.text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  at::Line line;
  at::Time now{};
  for (const char byte : std::string_view(reinterpret_cast<const char*>(data), size)) {
    if (byte == '\x7f') now += at::Line::surplus_gap;
    if (line.feed(byte, now, '\r', '\b') != at::Line::Event::line) continue;
    fuzz::require(line.text().size() <= at::Line::max_bytes, "a line has a limit");
    for (const auto& call : at::parse_line(line.text()).calls) judge(call);
    line.discard_surplus(now);
  }
  return 0;
}
