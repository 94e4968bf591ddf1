#include "emulator/ctl/json_file.hpp"

#include "codec/json_text.hpp"
#include "emulator/ctl/failure.hpp"
#include "emulator/stores/regular_file.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace emulator::ctl {

nlohmann::json json_file(const std::string& path, std::size_t limit) {
  const auto file = read_regular_file(path, limit);
  if (!file.content) throw Failure(fmt::format("{}: cannot be read: {}", path, file.wrong));
  auto document = codec::parse_json(*file.content);
  if (document.is_discarded())
    throw Failure(fmt::format("{}: {}", path, codec::why_no_json(*file.content)));
  return document;
}

}  // namespace emulator::ctl
