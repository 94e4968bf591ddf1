// A host at the modem's terminal: AT commands, the multiplexer if wanted, and lwIP's PPP client in
// one loop on poll(). One at a time, as lwIP is; every wait ends when the time that the program has
// is up.
#pragma once

#include "failure.hpp"
#include "mux.hpp"
#include "tty.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <lwip/netif.h>
#include <netif/ppp/pppos.h>

namespace lwip_host {

struct Login {
  std::string user;
  std::string password;
  u8_t kinds;  // PPPAUTHTYPE_*
};

class Host {
 public:
  Host(const std::string& port, std::chrono::seconds time);
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// Sends `text` and waits for what `end` is in; throws a Failure with what came instead of it.
  std::string command(int dlci, const std::string& text, const std::string& end);
  /// As a driver finds its modem: AT until it answers, then echo off.
  void find_modem(int dlci);

  /// AT+CMUX and its first three DLCIs.
  void begin_mux();
  void end_mux();

  /// Dials on this DLCI, 0 without the multiplexer, and returns when there is an address.
  void dial(int dlci, const Login& login);
  /// Terminate-Request, its answer, NO CARRIER.
  void hang_up();
  [[nodiscard]] bool is_up() const;

  /// Turns until it is true; `what` says in the Failure what was waited for. A link that is lost
  /// meanwhile is a Failure, too.
  void wait(const std::string& what, const std::function<bool()>& condition);

 private:
  using Clock = std::chrono::steady_clock;

  void turn(Clock::time_point limit);
  void send(int dlci, std::string_view bytes);
  void hear(int dlci, std::string_view bytes);
  void hear_ppp(std::string_view bytes);
  void lose_carrier();
  void take_status(int error);

  Clock::time_point deadline_;
  Tty tty_;
  std::optional<Mux> mux_;
  std::map<int, std::string> said_;
  netif interface_{};
  ppp_pcb* ppp_ = nullptr;
  int call_ = -1;        // DLCI of the call that PPP is on
  std::string between_;  // what came behind the last frame of PPP
  std::optional<int> ended_;
  bool leaving_ = false;
};

}  // namespace lwip_host
