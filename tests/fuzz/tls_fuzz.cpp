// Any bytes as the files of an SSL context, PEM or DER, at every version and level: a context for
// handshakes, or why there is none in one line. Files are parted by a byte 1.
#include "ssl_ctx/tls.hpp"
#include "tests/fuzz/pieces.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  auto request = std::make_shared<ssl_ctx::TlsRequest>();
  request->settings.sslversion = data[0] % 5;
  request->settings.seclevel = data[0] / 5 % 3;
  request->settings.session_cache = (data[1] & 1U) != 0;
  request->settings.sni = (data[1] & 2U) != 0;
  request->settings.renegotiation = (data[1] & 4U) != 0;
  request->settings.key_password = (data[1] & 8U) != 0 ? "secret" : "";
  std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  for (auto* file : {&request->ca, &request->certificate, &request->key, &request->ca_extra,
                     &request->settings.psk_key, &request->settings.psk_identity}) {
    const auto part = text.substr(0, text.find('\x01'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    *file = part;
  }
  const auto made = ssl_ctx::make_tls_context(request, {});
  if (const auto* wrong = std::get_if<std::string>(&made))
    fuzz::require(!wrong->empty() && wrong->find('\n') == std::string::npos, "one line", *wrong);
  else
    fuzz::require(std::get<ssl_ctx::TlsContext>(made) != nullptr, "a context");
  return 0;
}
