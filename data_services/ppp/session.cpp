#include "data_services/ppp/session.hpp"

#include "data_services/ppp/control_packet.hpp"

#include <array>
#include <utility>

namespace data_services::ppp {

Session::Session(at::Timeline& timeline, Config config, Events& events)
    : config_(std::move(config)),
      events_(events),
      lcp_(timeline, config_.login, config_.random, lcp_events()),
      pap_(timeline, config_.refuses_login, login_events(protocol::pap)),
      chap_(timeline, config_.chap_name, config_.refuses_login, config_.random,
            login_events(protocol::chap)),
      ipcp_(timeline, config_.offer, ipcp_events()),
      first_frame_(timeline),
      setup_(timeline),
      ipcp_start_(timeline),
      end_(timeline) {}

Lcp::Events Session::lcp_events() {
  return {.send = [this](std::string_view packet) { send(protocol::lcp, packet); },
          .up = [this] { link_up(); },
          .down = [this] { link_down(); },
          .terminated = [this] { end_after(linger, Reason::host_terminated); },
          .looped = [this] { close(Reason::looped_back); },
          .unknown_to_host = [this](std::uint16_t protocol) { unknown_to_host(protocol); },
          .finished =
              [this] {
                const bool heard = deframer_.counters().good > 0;
                end_after({}, heard ? Reason::no_agreement : Reason::no_answer);
              }};
}

LoginEvents Session::login_events(std::uint16_t protocol) {
  return {.send = [this, protocol](std::string_view packet) { send(protocol, packet); },
          .accepted = [this] { logged_in(); },
          .refused = [this] { close(Reason::login_refused); },
          .no_login = [this] { close(Reason::no_login); }};
}

Ipcp::Events Session::ipcp_events() {
  return {.send = [this](std::string_view packet) { send(protocol::ipcp, packet); },
          .up =
              [this] {
                setup_.stop();
                events_.established();
              },
          .finished = [this] { close(Reason::no_network); }};
}

bool Session::is_up() const { return lcp_.is_open() && ipcp_.is_open(); }

void Session::start() {
  if (stage_ != Stage::idle) return;
  stage_ = Stage::waiting;
  setup_.start(setup_time, [this] { close(Reason::too_slow); });
  first_frame_.start(config_.first_frame_delay, [this] { begin(); });
}

void Session::begin() {
  first_frame_.stop();
  stage_ = Stage::running;
  lcp_.start();
}

void Session::receive(std::string_view bytes) {
  if (stage_ == Stage::idle || stage_ == Stage::ended) return;
  counters_.bytes_in += bytes.size();
  while (const auto frame = deframer_.next(bytes)) take(*frame);
}

void Session::take(std::string_view bytes) {
  const auto frame = open_frame(bytes);
  if (stage_ == Stage::waiting) begin();
  const auto protocol = frame ? frame->protocol : 0;
  if (protocol == protocol::lcp) return lcp_.receive(frame->information);
  if (protocol == protocol::ip) return take_ip(frame->information);
  if (!frame || !lcp_.is_open()) {
    ++counters_.out_of_place;
    return;
  }
  switch (protocol) {
    case protocol::pap:
      return pap_.receive(frame->information);
    case protocol::chap:
      return chap_.receive(frame->information);
    case protocol::ipcp:
      return take_ipcp(frame->information);
    default:
      return take_unknown(*frame);
  }
}

/// What comes before the login is dropped (RFC 1661 3.5).
void Session::take_ipcp(std::string_view packet) {
  if (configures_) return ipcp_.receive(packet);
  if (has_logged_in_)
    early_ipcp_ = packet;
  else
    ++counters_.out_of_place;
}

void Session::take_ip(std::string_view packet) {
  if (!is_up()) {
    ++counters_.in_before_open;
  } else if (packet.size() > mtu) {
    ++counters_.in_too_long;
  } else if (!packet.empty()) {
    ++counters_.packets_in;
    events_.packet(packet);
  }
}

void Session::take_unknown(const Frame& frame) {
  ++counters_.rejected_protocols;
  lcp_.reject_protocol(frame.protocol, frame.information);
}

/// reading: a packet beyond the host's MRU goes out whole: every host has to take 1500 octets
/// (RFC 1661 6.1)
void Session::send_packet(std::string_view ip) {
  if (!is_up()) {
    ++counters_.out_before_open;
  } else if (suspended_) {
    ++counters_.out_suspended;
  } else if (ip.size() > mtu) {
    ++counters_.out_too_long;
  } else if (!ip.empty()) {
    ++counters_.packets_out;
    send(protocol::ip, ip);
  }
}

/// LCP goes out as to a peer that has agreed to nothing, whatever was agreed (PPP-17).
void Session::send(std::uint16_t protocol, std::string_view information) {
  std::string line;
  append_frame(line, protocol, information, protocol == protocol::lcp ? Framing{} : lcp_.framing());
  counters_.bytes_out += line.size();
  events_.transmit(line);
}

void Session::link_up() {
  switch (lcp_.login()) {
    case Login::none:
      // reading: who offers no login at all is refused too
      return config_.refuses_login ? close(Reason::login_refused) : logged_in();
    case Login::pap:
      return pap_.start();
    case Login::chap:
      return chap_.start();
  }
}

void Session::link_down() {
  pap_.stop();
  chap_.stop();
  ipcp_start_.stop();
  ipcp_.stop();
  has_logged_in_ = false;
  configures_ = false;
  early_ipcp_.clear();
}

void Session::logged_in() {
  has_logged_in_ = true;
  if (config_.ipcp_delay <= at::Duration::zero()) return configure();
  ipcp_start_.start(config_.ipcp_delay, [this] { configure(); });
}

void Session::configure() {
  configures_ = true;
  ipcp_.start();
  if (!early_ipcp_.empty()) ipcp_.receive(std::exchange(early_ipcp_, {}));
}

void Session::unknown_to_host(std::uint16_t protocol) {
  const bool is_login = (protocol == protocol::pap && lcp_.login() == Login::pap) ||
                        (protocol == protocol::chap && lcp_.login() == Login::chap);
  if (protocol == protocol::ipcp && configures_) ipcp_.unknown_to_host();
  if (is_login && !has_logged_in_) close(Reason::no_login);
}

void Session::terminate() {
  if (stage_ == Stage::idle || stage_ == Stage::waiting) return end_after({}, Reason::terminated);
  close(Reason::terminated);
}

/// The first reason is the one that counts.
void Session::close(Reason reason) {
  if (stage_ != Stage::running || end_.running()) return;
  if (!reason_) reason_ = reason;
  setup_.stop();
  lcp_.close();
}

void Session::end_after(at::Duration delay, Reason reason) {
  if (stage_ == Stage::ended || end_.running()) return;
  if (!reason_) reason_ = reason;
  setup_.stop();
  first_frame_.stop();
  end_.start(delay, [this] {
    stage_ = Stage::ended;
    link_down();
    lcp_.stop();
    events_.ended(*reason_);
  });
}

Session::Phase Session::phase() const {
  if (stage_ == Stage::ended) return Phase::ended;
  if (reason_) return Phase::terminating;
  if (stage_ == Stage::idle) return Phase::idle;
  if (stage_ == Stage::waiting) return Phase::waiting;
  if (!lcp_.is_open()) return Phase::establishing;
  if (!has_logged_in_) return Phase::authenticating;
  return ipcp_.is_open() ? Phase::open : Phase::configuring;
}

std::string_view Session::phase_name() const {
  constexpr std::array<std::string_view, 8> names{"idle",           "waiting",     "establishing",
                                                  "authenticating", "configuring", "open",
                                                  "terminating",    "ended"};
  return names[static_cast<std::size_t>(phase())];
}

const std::string& Session::user() const {
  return lcp_.login() == Login::chap ? chap_.user() : pap_.user();
}

std::string_view name_of(Session::Reason reason) {
  constexpr std::array<std::string_view, 9> names{"host terminated", "terminated", "login refused",
                                                  "no login",        "no answer",  "no agreement",
                                                  "no network",      "too slow",   "looped back"};
  return names[static_cast<std::size_t>(reason)];
}

}  // namespace data_services::ppp
