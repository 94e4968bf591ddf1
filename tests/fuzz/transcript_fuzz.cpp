// Any text as a transcript: it is read, or refused with a line of its own; bytes survive being
// written down.
#include "conformance/transcript/escape.hpp"
#include "conformance/transcript/steps.hpp"
#include "tests/fuzz/pieces.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace {

/// A file that is in memory alone.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content) : descriptor_(::memfd_create("transcript", 0)) {
    fuzz::require(::write(descriptor_, content.data(), content.size()) >= 0, "memory");
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  [[nodiscard]] std::filesystem::path path() const {
    return "/proc/self/fd/" + std::to_string(descriptor_);
  }

 private:
  int descriptor_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  fuzz::require(transcript::unescaped(transcript::escaped(text)) == text, "bytes survive");
  const MemoryFile file(text);
  try {
    for (const auto& one : transcript::read_cases(file.path(), "/nowhere"))
      for (const auto& step : one.steps) {
        fuzz::require(step.line > 0, "a step has a place");
        transcript::words_of(step.rest);
        if (step.verb == "wait") transcript::duration_of(step, step.rest);
        transcript::expanded(step.rest, [](const std::string& name) { return name; });
      }
  } catch (const std::runtime_error& refused) {
    fuzz::require(*refused.what() != '\0', "a refusal has a reason");
  }
  return 0;
}
