// Any bytes as a file that is uploaded (AT+QFUPL), in any pieces: however they are cut, the module
// says the same and its flash holds what came. The first byte says how large the pieces are, the
// second whether the module acknowledges each KiB, and how many bytes too many come.
#include "tests/fuzz/pieces.hpp"
#include "tests/support/world.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace {

struct Uploaded {
  std::string said;
  std::string file;
  bool operator==(const Uploaded&) const = default;
};

Uploaded upload(std::string_view bytes, std::size_t surplus, bool acknowledges, std::size_t piece) {
  support::World world({});
  world.modem.power_on();
  world.timeline.run_until(world.timeline.now() + std::chrono::minutes(1));
  auto& terminal = *world.terminals[0];
  const auto length = bytes.size() - surplus;
  terminal.receive("AT\r");
  terminal.receive(fmt::format("ATE0;+QFUPL=\"f\",{},5,{:d}\r", length, acknowledges));
  // An LF at once would belong to the CR of the command, and of a host's first one it always does.
  world.timeline.run_until(world.timeline.now() + std::chrono::milliseconds(1));
  for (fuzz::Pieces pieces(bytes, piece); !pieces.empty();)
    terminal.receive(pieces.next(bytes.size()));
  world.timeline.run_until(world.timeline.now() + std::chrono::seconds(1));
  return {world.ports[0].unread, world.files.read("f").value_or("")};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const bool acknowledges = (data[1] & 0x80U) != 0;
  const auto surplus = std::min<std::size_t>(data[1] & 7U, bytes.size() - 1);
  const auto whole = upload(bytes, surplus, acknowledges, bytes.size());
  fuzz::require(whole.file == bytes.substr(0, bytes.size() - surplus), "the file is what came",
                whole.said);
  fuzz::require(upload(bytes, surplus, acknowledges, data[0]) == whole, "the same in pieces",
                whole.said);
  return 0;
}
