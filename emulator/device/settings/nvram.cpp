#include "emulator/device/settings/nvram.hpp"

#include "at_engine/args.hpp"

namespace emulator::device {

int stored_number(const Nvram& nvram, std::string_view name, const at::Param& range,
                  int otherwise) {
  const auto text = nvram.get(name);
  const auto value = text ? at::parse_number(*text) : std::nullopt;
  return value && range.admits(*value) ? static_cast<int>(*value) : otherwise;
}

}  // namespace emulator::device
