// The firmware that the module runs, and what lasts over power-off while it is updated: the seam to
// the flash. Implemented by the module, and outlives the Fota.
#pragma once

#include <string>
#include <string_view>

namespace data_services {

struct Firmware {
  std::string model{};
  std::string revision{};
};

class FirmwareStore {
 public:
  virtual ~FirmwareStore() = default;

  [[nodiscard]] virtual Firmware running() const = 0;
  /// From now on the module is of `revision`, until another takes its place. An empty `build`: as
  /// it was. False when that cannot be stored.
  [[nodiscard]] virtual bool install(const std::string& revision, const std::string& build) = 0;

  /// A note beside the firmware; empty when there is none.
  [[nodiscard]] virtual std::string note(std::string_view name) const = 0;
  [[nodiscard]] virtual bool set_note(std::string_view name, const std::string& text) = 0;
};

}  // namespace data_services
