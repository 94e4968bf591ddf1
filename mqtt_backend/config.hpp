// What AT+QMTCFG sets for one client, with the note's defaults (note 3.3.1). Plain values; the
// commands check them, the Client reads them. Kept in RAM: a reset of the module clears it.
#pragma once

#include "mqtt_backend/link.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mqtt_backend {

/// The stored will and which key set it last. `wanted` is <will_fg>.
struct WillSetting {
  bool wanted = false;
  Will will{};
};

struct Aliauth {
  std::string product_key;
  std::string device_name;
  std::string device_secret;
};

struct Onenet {
  std::string product_id;
  std::string access_key;
};

struct Config {
  int version = 3;
  int pdpcid = 1;
  bool ssl = false;
  std::optional<int> ssl_ctx{};
  int keepalive = 120;  // seconds
  bool clean_session = true;
  int pkt_timeout = 5;  // seconds
  int retry_times = 3;
  bool timeout_notice = false;
  WillSetting will{};
  int recv_mode = 0;
  bool recv_len = false;
  int qmtping = 5;  // seconds
  bool send_hex = false;
  Aliauth aliauth{};
  Onenet onenet{};
  bool format_send_hex = false;
  bool format_recv_hex = false;
  bool view = false;
  bool edit_timeout = false;
  std::optional<int> edit_seconds{};
};

}  // namespace mqtt_backend
