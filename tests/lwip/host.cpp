#include "host.hpp"

#include <algorithm>
#include <array>

#include <lwip/dns.h>
#include <lwip/stats.h>
#include <lwip/timeouts.h>

namespace lwip_host {
namespace {

constexpr std::string_view lost{"\r\nNO CARRIER\r\n"};
constexpr char flag = '\x7E';
/// For the end of a call, even where the time is up.
constexpr std::chrono::seconds farewell{5};

std::string reason(int error) {
  constexpr std::array names{"no error",           "wrong parameters",  "no session",
                             "no device",          "no memory",         "closed",
                             "the line was lost",  "login refused",     "no protocol in common",
                             "the peer is silent", "idle for too long", "up for too long",
                             "looped back"};
  const auto place = static_cast<std::size_t>(error);
  return place < names.size() ? names[place] : "error " + std::to_string(error);
}

std::string visible(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, ' ');
  return text;
}

bool refuses(const std::string& text) {
  for (const auto* word : {"\r\nERROR\r\n", "\r\n+CME ERROR", "\r\nNO CARRIER\r\n"})
    if (text.find(word) != std::string::npos) return true;
  return false;
}

}  // namespace

Host::Host(const std::string& port, std::chrono::seconds time)
    : deadline_(Clock::now() + time), tty_(port) {}

void Host::send(int dlci, std::string_view bytes) {
  mux_ ? mux_->say(dlci, bytes) : tty_.send(bytes);
}

void Host::hear(int dlci, std::string_view bytes) {
  dlci == call_ ? hear_ppp(bytes) : void(said_[dlci] += bytes);
}

/// Frame by frame: behind the last one of a call comes text.
void Host::hear_ppp(std::string_view bytes) {
  const int dlci = call_;
  while (!bytes.empty() && dlci == call_) {
    const auto size = std::min(bytes.find(flag), bytes.size() - 1) + 1;
    std::string piece(bytes.substr(0, size));
    bytes.remove_prefix(size);
    between_ = piece.back() == flag ? "" : between_ + piece;
    ::pppos_input(ppp_, reinterpret_cast<u8_t*>(piece.data()), static_cast<int>(piece.size()));
    if (dlci == call_ && between_ == lost) lose_carrier();
  }
  said_[dlci] += bytes;
}

void Host::lose_carrier() {
  const int error = ppp_->err_code;
  take_status(error == PPPERR_NONE ? PPPERR_CONNECT : error);
  ::ppp_close(ppp_, 1);
}

void Host::take_status(int error) {
  if (error == PPPERR_NONE || ended_) return;
  ended_ = error;
  call_ = -1;
}

void Host::turn(Clock::time_point limit) {
  using std::chrono::milliseconds;
  const auto left = std::chrono::ceil<milliseconds>(limit - Clock::now()).count();
  const auto next = std::min<long>(::sys_timeouts_sleeptime(), std::max<long>(left, 0));
  const auto bytes = tty_.receive(static_cast<int>(next));
  mux_ ? mux_->hear(bytes) : hear(0, bytes);
  ::sys_check_timeouts();
}

void Host::wait(const std::string& what, const std::function<bool()>& condition) {
  const bool by_ppp = call_ >= 0 && !leaving_;
  while (!(by_ppp && ended_) && !condition()) {
    if (Clock::now() >= deadline_) throw Failure(what + ": nothing came in time");
    turn(deadline_);
  }
  if (by_ppp && ended_) throw Failure(what + ": the link has ended: " + reason(*ended_));
}

std::string Host::command(int dlci, const std::string& text, const std::string& end) {
  auto& said = said_[dlci];
  said.clear();
  send(dlci, text + '\r');
  std::size_t found = 0;
  wait(text, [&] {
    found = said.find(end);
    return found != std::string::npos || refuses(said);
  });
  if (found == std::string::npos) throw Failure(text + ": the modem says" + visible(said));
  const auto answer = said.substr(0, found + end.size());
  said.erase(0, answer.size());
  return answer;
}

void Host::find_modem(int dlci) {
  constexpr std::chrono::milliseconds between{300};
  auto& said = said_[dlci];
  while (said.find("\r\nOK\r\n") == std::string::npos) {
    if (Clock::now() >= deadline_) throw Failure("AT: nothing came in time");
    send(dlci, "AT\r");
    const auto limit = Clock::now() + between;
    while (said.find("\r\nOK\r\n") == std::string::npos && Clock::now() < limit) turn(limit);
  }
  command(dlci, "ATE0", "\r\nOK\r\n");
}

void Host::begin_mux() {
  command(0, "AT+CMUX=0", "\r\nOK\r\n");
  mux_.emplace([this](std::string_view bytes) { tty_.send(bytes); },
               [this](int dlci, std::string_view bytes) { hear(dlci, bytes); },
               [](const std::string& text) { throw Failure(text); });
  for (int dlci = 0; dlci < 3; ++dlci) {
    mux_->open(dlci);
    wait("SABM of DLCI " + std::to_string(dlci), [&] { return mux_->is_open(dlci); });
    if (dlci > 0) mux_->say_ready(dlci);
  }
}

void Host::end_mux() {
  for (int dlci = 1; dlci < 3; ++dlci) {
    mux_->close(dlci);
    wait("DISC of DLCI " + std::to_string(dlci), [&] { return !mux_->is_open(dlci); });
  }
  mux_->end();
  wait("CLD", [&] { return mux_->has_ended(); });
  mux_.reset();
  command(0, "AT", "\r\nOK\r\n");
}

void Host::dial(int dlci, const Login& login) {
  command(dlci, "ATD*99#", "\r\nCONNECT");
  wait("CONNECT", [&] { return said_[dlci].find("\r\n") != std::string::npos; });
  const auto rest = said_[dlci].substr(said_[dlci].find("\r\n") + 2);
  said_[dlci].clear();
  ppp_ = ::pppos_create(
      &interface_,
      [](ppp_pcb*, u8_t* data, u32_t size, void* self) {
        auto& host = *static_cast<Host*>(self);
        if (host.call_ >= 0) host.send(host.call_, {reinterpret_cast<const char*>(data), size});
        return size;
      },
      [](ppp_pcb*, int error, void* self) { static_cast<Host*>(self)->take_status(error); }, this);
  ::ppp_set_auth(ppp_, login.kinds, login.user.c_str(), login.password.c_str());
  ppp_set_usepeerdns(ppp_, 1);
  ppp_set_default(ppp_);
  call_ = dlci;
  ended_.reset();
  ::ppp_connect(ppp_, 0);
  hear(dlci, rest);
  wait("PPP", [&] { return is_up(); });
}

bool Host::is_up() const { return call_ >= 0 && !ip4_addr_isany_val(*netif_ip4_addr(&interface_)); }

void Host::hang_up() {
  const int dlci = call_;
  if (dlci < 0) return;
  leaving_ = true;
  deadline_ = std::max(deadline_, Clock::now() + farewell);
  ::ppp_close(ppp_, 0);
  const auto end = [&] { return ended_.has_value(); };
  wait("Terminate-Request", end);
  if (*ended_ != PPPERR_USER) throw Failure("the end of PPP: " + reason(*ended_));
  wait("NO CARRIER", [&] { return said_[dlci].find(lost) != std::string::npos; });
  if (lwip_stats.link.chkerr != 0)
    throw Failure("frames of PPP with a wrong sum: " + std::to_string(lwip_stats.link.chkerr));
}

}  // namespace lwip_host
