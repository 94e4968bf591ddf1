// Any request to the control interface of a modem: method, target and body, parted by line ends. It
// is answered, never with 500, and a refusal is a problem document in one line.
#include "tests/fuzz/pieces.hpp"
#include "tests/support/control_bench.hpp"

#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  support::ControlBench bench({}, false);
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line = [&] {
    const auto part = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return std::string(part);
  };
  while (!text.empty()) {
    const auto method = line();
    const auto target = line();
    const auto heard = bench.send(method, target, line());
    const auto& reply = heard->reply;
    fuzz::require(reply.status != 500, "no failure inside", reply.body);
    if (reply.status < 400) continue;
    fuzz::require(heard->body().value("status", 0) == reply.status, "a problem document",
                  reply.body);
  }
  // The modem is still one.
  bench.faulty.wait(std::chrono::minutes(1));
  return 0;
}
