// The server's side of PAP (RFC 1334, PPP-32): any name and any password will do, unless the
// scenario refuses. Owned by the Session.
#pragma once

#include "at_engine/timeline.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace data_services::ppp {

/// What a login server tells its owner.
struct LoginEvents {
  std::function<void(std::string_view)> send;  // a packet for the host
  /// Once for each start().
  std::function<void()> accepted;
  std::function<void()> refused;
  std::function<void()> no_login;  // the host has not logged in in time
};

class Pap {
 public:
  /// How long the host is waited for (PPP-13).
  static constexpr at::Duration patience = std::chrono::seconds(30);

  Pap(at::Timeline& timeline, bool refuses, LoginEvents events);

  void start();
  void stop();

  /// A packet of the protocol; one that is no request is dropped in silence. A request that is
  /// repeated is answered again.
  void receive(std::string_view packet);

  /// Who has logged in, or was refused.
  [[nodiscard]] const std::string& user() const { return user_; }

 private:
  enum class State { idle, waiting, answered };

  bool refuses_;
  LoginEvents events_;
  State state_ = State::idle;
  std::string user_;
  at::Timer timer_;
};

}  // namespace data_services::ppp
