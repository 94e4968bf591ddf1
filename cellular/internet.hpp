// The seam to the internet beside MQTT: names, echoes and time. Answers come as events, from
// outside any call; limits of time are the asker's own. Implemented by the program on sockets, and
// by the tests' fake.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cellular {

/// A name, and whom to ask for it: the DNS servers that the host has set, the first one first;
/// none: the network's own.
struct NameQuestion {
  std::string name;
  std::vector<std::string> servers{};
};

/// What a name leads to.
struct Addresses {
  std::vector<std::string> addresses{};       // dotted decimals; none when the name has none
  std::optional<std::chrono::seconds> ttl{};  // when a DNS server told it
};

/// The answer to one ping.
struct Echo {
  int bytes = 0;
  int milliseconds = 0;
  int ttl = 0;
};

/// A time server as the host named it, and the address that the name resolved to.
struct TimeServer {
  std::string name;
  std::string address;
  std::uint16_t port = 0;
};

/// A question, for as long as its answer is wanted: while one is held, the clock does not leap. Who
/// drops it may still be answered.
using Inquiry = std::shared_ptr<void>;

class Internet {
 public:
  using Resolved = std::function<void(const Addresses& found)>;
  /// Nothing when no echo can be had.
  using Echoed = std::function<void(const std::optional<Echo>& echo)>;
  /// Unix milliseconds; nothing when the server gives no time.
  using Timed = std::function<void(const std::optional<std::int64_t>& unix_ms)>;

  virtual ~Internet() = default;

  /// Each answers at most once. An address is resolved to itself.
  virtual Inquiry resolve(const NameQuestion& asked, Resolved resolved) = 0;
  virtual Inquiry ping(const std::string& address, Echoed echoed) = 0;
  virtual Inquiry ask_time(const TimeServer& server, Timed timed) = 0;
};

}  // namespace cellular
