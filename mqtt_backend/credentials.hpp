// Sign-ins derived from a device secret: Alibaba Cloud IoT ("aliauth") and China Mobile OneNET
// ("onenet"), by the clouds' public rules. Pure; used by the Client when QMTCONN brings no
// username.
#pragma once

#include "mqtt_backend/config.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mqtt_backend {

struct SignIn {
  std::string client_id;
  std::string username;
  std::string password;
};

/// Alibaba: the client id carries securemode (2 over TLS, 3 over TCP), signmethod and timestamp;
/// the username is device&product; the password is the HMAC-SHA1, in lower-case hex, of the sorted
/// fields under the device secret. `timestamp_ms` is Unix time.
SignIn aliauth_sign_in(const Aliauth& device, std::string_view client_id, bool tls,
                       std::int64_t timestamp_ms);

/// OneNET: the client id is the device name, the username the product id, the password the token
/// version, res, et, method, sign. `expires` is Unix time in seconds. The access key is Base64; one
/// that is not is used as it stands.
SignIn onenet_sign_in(const Onenet& product, std::string_view device_name, std::int64_t expires);

}  // namespace mqtt_backend
