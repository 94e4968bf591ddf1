// The firmware as the updates see it: the device's identity, and notes in its flash. Owned by the
// Modem.
#pragma once

#include "data_services/fota/firmware.hpp"
#include "emulator/device/identity/identity.hpp"
#include "emulator/device/settings/nvram.hpp"

#include <string>
#include <string_view>

namespace emulator {

class FirmwareMemory : public data_services::FirmwareStore {
 public:
  FirmwareMemory(device::Identity& identity, device::Nvram& nvram)
      : identity_(identity), nvram_(nvram) {}

  [[nodiscard]] data_services::Firmware running() const override {
    return {identity_.model(), identity_.revision()};
  }
  [[nodiscard]] bool install(const std::string& revision, const std::string& build) override {
    return identity_.update(revision, build);
  }
  [[nodiscard]] std::string note(std::string_view name) const override {
    return nvram_.get(key_of(name)).value_or("");
  }
  [[nodiscard]] bool set_note(std::string_view name, const std::string& text) override {
    return nvram_.set(key_of(name), text);
  }

 private:
  [[nodiscard]] static std::string key_of(std::string_view name) {
    return "fota/" + std::string(name);
  }

  device::Identity& identity_;
  device::Nvram& nvram_;
};

}  // namespace emulator
