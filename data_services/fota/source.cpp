#include "data_services/fota/source.hpp"

#include "at_engine/text.hpp"

#include <array>

namespace data_services {
namespace {

constexpr std::string_view plain_ftp = "ftp://";
constexpr std::string_view secured_ftp = "ftps://";
/// Where the module's own system, and that of its siblings, has the flash.
constexpr std::array<std::string_view, 2> folders{"/usrdata/cache/ufs/", "/data/ufs/"};

bool begins_with(std::string_view text, std::string_view beginning) {
  return at::equal_ignoring_case(text.substr(0, beginning.size()), beginning);
}

std::optional<FtpUrl> parse_ftp(std::string_view text) {
  FtpUrl url;
  url.secure = begins_with(text, secured_ftp);
  if (!url.secure && !begins_with(text, plain_ftp)) return std::nullopt;
  if (!has_url_bytes_only(text)) return std::nullopt;
  text.remove_prefix(url.secure ? secured_ftp.size() : plain_ftp.size());
  auto place = text.substr(0, text.find('/'));
  text.remove_prefix(place.size());
  const auto end = place.rfind('@');
  if (end != place.npos) {
    const auto account = place.substr(0, end);
    const auto user = account.substr(0, account.find(':'));
    url.user = std::string(user);
    if (user.size() < account.size()) url.password = account.substr(user.size() + 1);
    place.remove_prefix(end + 1);
  }
  auto authority = parse_authority(place);
  if (!authority || text.size() < 2 || (url.user && url.user->empty())) return std::nullopt;
  url.host = std::move(authority->host);
  url.port = authority->port;
  url.path = text.substr(1);
  return url;
}

}  // namespace

// reading: a name without a storage is a file of the flash, as for every other command
std::optional<FotaSource> parse_source(std::string_view text, const Files& files) {
  if (is_absolute_url(text)) {
    if (auto url = parse_url(text)) return *std::move(url);
    return std::nullopt;
  }
  if (auto url = parse_ftp(text)) return *std::move(url);
  for (const auto folder : folders)
    if (text.starts_with(folder)) text.remove_prefix(folder.size());
  if (!files.is_name(text)) return std::nullopt;
  return FlashFile{std::string(text)};
}

}  // namespace data_services
