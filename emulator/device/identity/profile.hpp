// The models that can be played, and how they differ: names and firmware versions.
#pragma once

#include <array>
#include <string_view>

namespace emulator::device {

struct ModelProfile {
  std::string_view option;     // as --model wants it
  std::string_view model;      // as +CGMM says it
  std::string_view revision;   // as +CGMR says it
  std::string_view build;      // what +QGMR appends
  std::string_view lte_bands;  // hex, bit 0 is band 1
  int home_band;               // where the home network is heard, unless a scenario says otherwise
  int home_earfcn;
};

constexpr std::array models{
    ModelProfile{"EG916Q", "EG916Q", "EG916QGLLGR01A05M04", "A0.001.A0.001", "0x2000001e20b0f18df",
                 3, 1850},
    ModelProfile{"EG915Q", "EG915Q", "EG915QNALGR01A04M04", "A0.003.A0.003", "0x2000000000000181a",
                 4, 2175},
    ModelProfile{"EG800Q", "EG800Q", "EG800QEULCR01A03M08", "A0.001.A0.001", "0x80800d5", 3, 1850},
};

/// The profile of `option`, or nothing.
constexpr const ModelProfile* find_model(std::string_view option) {
  for (const auto& model : models)
    if (model.option == option) return &model;
  return nullptr;
}

}  // namespace emulator::device
