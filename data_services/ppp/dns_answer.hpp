// Answers DNS questions of the host for the servers that it was offered (RFC 1035, IP-8): from the
// module's own resolver, so that AT commands and PPP agree. Pure; owned by whoever holds the call.
#pragma once

#include "data_services/ppp/address.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace data_services::ppp {

class DnsAnswers {
 public:
  /// Questions that may wait for the resolver; beyond, a question fails at once (SERVFAIL).
  static constexpr std::size_t max_waiting = 64;
  /// Octets of an answer; addresses beyond are left.
  static constexpr std::size_t max_answer = 512;
  /// Octets of a question; a longer one is refused (FORMERR).
  static constexpr std::size_t max_query = 512;
  /// For how long an answer holds, in seconds: a scenario may change it at any time.
  static constexpr std::uint32_t ttl = 5;

  enum class Status { found, no_such_name, failed };
  struct Resolution {
    Status status = Status::failed;
    std::vector<Address> addresses{};
  };
  using Resolved = std::function<void(const Resolution&)>;
  /// Asks for the addresses of a name, without a dot at its end. `Resolved` comes at most once,
  /// from inside the call or later.
  using Resolve = std::function<void(const std::string& name, Resolved)>;
  using Answered = std::function<void(std::string_view message)>;

  explicit DnsAnswers(Resolve resolve);

  /// A message for port 53, without the length that TCP puts before it. `answered` gets what goes
  /// back, from inside the call or later; not for what is no question, and not when this is gone.
  void ask(std::string_view query, Answered answered);

  [[nodiscard]] std::size_t waiting() const { return *waiting_; }

 private:
  [[nodiscard]] std::shared_ptr<std::weak_ptr<std::size_t>> take_seat();

  Resolve resolve_;
  std::shared_ptr<std::size_t> waiting_;
};

}  // namespace data_services::ppp
