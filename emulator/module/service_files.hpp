// The module's files as the data services see them. Owned by the Modem.
#pragma once

#include "data_services/files.hpp"
#include "emulator/device/files/file_name.hpp"
#include "emulator/device/files/ufs.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

class ServiceFiles : public data_services::Files {
 public:
  explicit ServiceFiles(device::Ufs& ufs) : ufs_(ufs) {}

  [[nodiscard]] bool is_name(std::string_view name) const override {
    return device::file_name(name).has_value();
  }
  [[nodiscard]] std::optional<std::string> content(std::string_view name) const override {
    return ufs_.read_file(name);
  }
  [[nodiscard]] std::optional<std::size_t> room_for(std::string_view name) const override {
    return ufs_.room_for(name);
  }
  [[nodiscard]] bool replace(std::string_view name, std::string_view content) override {
    return ufs_.replace_file(name, content);
  }

 private:
  device::Ufs& ufs_;
};

}  // namespace emulator
