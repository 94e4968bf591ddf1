// The server's side of CHAP with MD5 (RFC 1994, PPP-31): any response will do, unless the scenario
// refuses; so nothing is computed. Owned by the Session.
#pragma once

#include "at_engine/timeline.hpp"
#include "data_services/ppp/lcp.hpp"
#include "data_services/ppp/pap.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace data_services::ppp {

class Chap {
 public:
  /// Octets of a challenge.
  static constexpr std::size_t challenge_size = 16;
  /// How often it is sent at the most, and how far apart (PPP-13).
  static constexpr int max_challenges = 10;
  static constexpr at::Duration restart_time = std::chrono::seconds(6);

  /// Under `name`, with challenges from `random`.
  Chap(at::Timeline& timeline, std::string name, bool refuses, RandomSource random,
       LoginEvents events);

  /// A new challenge.
  void start();
  void stop();

  /// A packet of the protocol; one that is no response to the challenge is dropped in silence. A
  /// response that is repeated is answered again.
  void receive(std::string_view packet);

  /// Who has logged in, or was refused.
  [[nodiscard]] const std::string& user() const { return user_; }

 private:
  enum class State { idle, waiting, answered };

  void challenge();

  std::string name_;
  bool refuses_;
  RandomSource random_;
  LoginEvents events_;
  State state_ = State::idle;
  std::uint8_t id_ = 0;
  std::string challenge_;
  int sent_ = 0;
  std::string user_;
  at::Timer timer_;
};

}  // namespace data_services::ppp
