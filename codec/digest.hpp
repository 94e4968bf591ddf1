// Keyed digests and Base64 by OpenSSL, for sign-ins that are derived from a device secret. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace codec {

enum class Digest { sha1, sha256 };

/// HMAC as raw bytes.
std::string hmac(Digest digest, std::string_view key, std::string_view text);

/// MD5 as 16 raw bytes.
std::string md5(std::string_view text);

std::string base64_encode(std::string_view bytes);

/// Nothing when `text` is not Base64 with its padding.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace codec
