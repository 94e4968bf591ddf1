// The update package of this emulator: a head of text lines, a payload that stands for the new
// firmware, and a SHA-256 of both (docs/how-to/firmware-updates.md; FOTA-3). Pure; a reader takes a
// package as it comes and keeps nothing of its payload. Owned by the Fota.
#pragma once

#include "codec/sha256.hpp"
#include "data_services/fota/firmware.hpp"
#include "data_services/fota/fota_error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace data_services {

struct PackageHead {
  /// Longest value of text, in bytes.
  static constexpr std::size_t max_value = 64;
  /// Longest head, the empty line behind it included.
  static constexpr std::size_t max_bytes = 512;
  static constexpr std::uint32_t max_payload = 4 * 1024 * 1024;

  std::string project{};   // the model that it is for
  std::string revision{};  // of the firmware that it brings
  std::string build{};     // what AT+QGMR appends; empty: as it was
  std::string baseline{};  // what the running revision has to begin with; empty: with anything
  std::string from{};      // what the running revision has to be; empty: any
  std::uint32_t payload = 0;
};

/// Whether a value of a head may be so: visible ASCII without quotes, 1 to max_value bytes.
[[nodiscard]] bool is_package_value(std::string_view text);

/// The head as it stands in a package, its empty line included.
[[nodiscard]] std::string to_text(const PackageHead& head);
/// Nothing when `text` is not exactly a head.
[[nodiscard]] std::optional<PackageHead> parse_head(std::string_view text);

/// A whole package with a payload of any bytes, the same ones every time.
[[nodiscard]] std::string make_package(const PackageHead& head);

/// Why `head` is not for what runs; `none` when it is.
[[nodiscard]] FotaError judge(const PackageHead& head, const Firmware& running);

class PackageReader {
 public:
  /// Most bytes of a package, what fills it up included.
  static constexpr std::size_t max_bytes =
      PackageHead::max_bytes + PackageHead::max_payload + std::size_t{64} * 1024;

  /// False when that is too much; nothing more may come then.
  [[nodiscard]] bool take(std::string_view bytes);
  /// `package` or `digest` when what came is no package, `none` when it is.
  [[nodiscard]] FotaError verdict();
  /// Behind a verdict of `none`.
  [[nodiscard]] const PackageHead& head() const { return *head_; }

 private:
  void take_head(std::string_view& bytes);
  void take_payload(std::string_view& bytes);
  void take_digest(std::string_view& bytes);
  void take_filling(std::string_view bytes);

  std::size_t taken_ = 0;
  bool broken_ = false;
  std::string text_;  // of the head, as far as it is here
  std::optional<PackageHead> head_;
  std::uint32_t payload_ = 0;  // bytes of it
  std::string digest_;         // as the package has it
  codec::Sha256 computed_;
};

}  // namespace data_services
