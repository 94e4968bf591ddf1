// Where an update comes from, as AT+QFOTADL names it: a URL of HTTP or FTP, plain or with TLS, or a
// file in the module's flash (FOTA-1, FOTA-5). Pure.
#pragma once

#include "data_services/files.hpp"
#include "data_services/http/http_url.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace data_services {

struct FtpUrl {
  bool secure = false;
  std::optional<std::string> user{};  // nothing: as AT+QFTPCFG says
  std::string password{};
  std::string host{};
  std::optional<std::uint16_t> port{};
  std::string path{};  // from the directory of the account, never empty
};

struct FlashFile {
  std::string name;
};

using FotaSource = std::variant<HttpUrl, FtpUrl, FlashFile>;

/// Nothing when it is neither a URL nor what one of `files` could be called.
[[nodiscard]] std::optional<FotaSource> parse_source(std::string_view text, const Files& files);

}  // namespace data_services
