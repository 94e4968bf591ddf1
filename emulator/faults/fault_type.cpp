#include "emulator/faults/fault_type.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace emulator::faults {

const FaultType* find_type(std::string_view name) {
  const auto& types = all_types();
  const auto found = std::find_if(types.begin(), types.end(),
                                  [&](const FaultType& type) { return type.name == name; });
  return found == types.end() ? nullptr : &*found;
}

const Param* FaultType::param(std::string_view wanted) const {
  const auto* const found = std::find_if(params.begin(), params.end(), [&](const Param& each) {
    return each.kind != Param::Kind::none && each.name == wanted;
  });
  return found == params.end() ? nullptr : found;
}

const std::vector<FaultSubject>& all_subjects() {
  static const std::vector<FaultSubject> subjects{{"line", line_types()},
                                                  {"module", module_types()},
                                                  {"network", network_types()},
                                                  {"broker", broker_types()},
                                                  {"TLS", tls_types()}};
  return subjects;
}

const std::vector<FaultType>& all_types() {
  static const std::vector<FaultType> types = [] {
    std::vector<FaultType> all;
    for (const auto& subject : all_subjects())
      all.insert(all.end(), subject.types.begin(), subject.types.end());
    return all;
  }();
  return types;
}

std::string allowed(const Param& param) {
  switch (param.kind) {
    case Param::Kind::number:
      return fmt::format("a number, {} to {}", param.low, param.high);
    case Param::Kind::text:
      return fmt::format("a text of {} to {} printable characters", param.low, param.high);
    case Param::Kind::word: {
      std::string words(param.words);
      for (auto bar = words.find('|'); bar != std::string::npos; bar = words.find('|', bar))
        words.replace(bar, 1, " or ");
      return words;
    }
    case Param::Kind::none:
      break;
  }
  return {};
}

}  // namespace emulator::faults
