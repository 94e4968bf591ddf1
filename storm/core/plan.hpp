// What every host of a fleet does, as the user asked for it. Owned by whoever runs the fleet; the
// hosts hold a reference.
#pragma once

#include "storm/core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace storm {

/// Of the module, for one message of AT+QMTPUBEX, in bytes.
constexpr std::size_t max_payload = 1500;

/// How long a host waits before it tries again, see Backoff.
struct BackoffLimits {
  Time first = std::chrono::seconds(1);
  Time most = std::chrono::seconds(60);
};

struct Plan {
  std::string broker_host;
  std::uint16_t broker_port = 1883;
  Time interval = std::chrono::seconds(1);  // between messages of one modem; 0: it sends none
  int qos = 1;                              // of messages and subscription, 0 to 2
  std::size_t payload = 64;                 // bytes, min_payload of core/message.hpp to max_payload
  bool subscribe = true;
  bool keep_session = false;     // clean session 0: the broker keeps what it could not deliver
  std::string prefix = "storm";  // client PREFIX-N, topic PREFIX/N
  std::string tag = "00000000";  // of this run, tag_size characters
  BackoffLimits backoff{};
};

}  // namespace storm
