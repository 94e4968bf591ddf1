#include "mqtt_backend/credentials.hpp"

#include "at_engine/text.hpp"
#include "codec/digest.hpp"

#include <fmt/format.h>

namespace mqtt_backend {
namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

std::string percent_encoded(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (is_unreserved(c))
      result += c;
    else
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

}  // namespace

SignIn aliauth_sign_in(const Aliauth& device, std::string_view client_id, bool tls,
                       std::int64_t timestamp_ms) {
  const auto content = fmt::format("clientId{}deviceName{}productKey{}timestamp{}", client_id,
                                   device.device_name, device.product_key, timestamp_ms);
  const auto sign = codec::hmac(codec::Digest::sha1, device.device_secret, content);
  return {fmt::format("{}|securemode={},signmethod=hmacsha1,timestamp={}|", client_id, tls ? 2 : 3,
                      timestamp_ms),
          fmt::format("{}&{}", device.device_name, device.product_key), at::hex(sign)};
}

SignIn onenet_sign_in(const Onenet& product, std::string_view device_name, std::int64_t expires) {
  constexpr std::string_view version = "2018-10-31";
  constexpr std::string_view method = "sha1";
  const auto resource = fmt::format("products/{}/devices/{}", product.product_id, device_name);
  const auto key = codec::base64_decode(product.access_key).value_or(product.access_key);
  const auto content = fmt::format("{}\n{}\n{}\n{}", expires, method, resource, version);
  const auto sign = codec::base64_encode(codec::hmac(codec::Digest::sha1, key, content));
  return {std::string(device_name), product.product_id,
          fmt::format("version={}&res={}&et={}&method={}&sign={}", version,
                      percent_encoded(resource), expires, method, percent_encoded(sign))};
}

}  // namespace mqtt_backend
