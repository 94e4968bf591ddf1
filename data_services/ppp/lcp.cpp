#include "data_services/ppp/lcp.hpp"

#include "data_services/ppp/octets.hpp"

#include <algorithm>
#include <utility>

namespace data_services::ppp {
namespace {

namespace option {
constexpr std::uint8_t mru = 1;
constexpr std::uint8_t accm = 2;
constexpr std::uint8_t login = 3;
constexpr std::uint8_t magic = 5;
constexpr std::uint8_t protocol_compression = 7;
constexpr std::uint8_t address_compression = 8;
}  // namespace option

constexpr std::string_view as_pap("\xC0\x23", 2);
constexpr std::string_view as_chap_md5("\xC2\x23\x05", 3);
constexpr std::size_t magic_size = 4;

/// reading: a host that names neither is asked for the other one of the two
Login named_login(std::string_view value, Login now) {
  if (value == as_pap) return Login::pap;
  if (value == as_chap_md5) return Login::chap;
  return now == Login::chap ? Login::pap : Login::chap;
}

}  // namespace

Lcp::Lcp(at::Timeline& timeline, Login login, RandomSource magic, Events events)
    : wanted_(login),
      random_(std::move(magic)),
      events_(std::move(events)),
      automaton_(timeline, *this) {}

void Lcp::start() {
  automaton_.open();
  automaton_.up();
}

void Lcp::receive(std::string_view packet) {
  const bool was_open = is_open();
  automaton_.receive(packet);
  const bool ends = was_open && automaton_.state() == Automaton::State::stopping;
  if (ends && read_u8(packet, 0) == code::terminate_request) events_.terminated();
  if (std::exchange(loops_, loops_ % max_loops) == max_loops) events_.looped();
}

void Lcp::send(const ControlPacket& packet) { events_.send(make_control(packet)); }

void Lcp::begin() {
  own_ = {};
  own_.login = wanted_;
  own_.magic = new_magic();
}

/// Zero stands for no number (RFC 1661 6.4).
std::uint32_t Lcp::new_magic() {
  const auto magic = random_();
  if (magic != 0 && magic != own_.magic) return magic;
  return own_.magic == 1 ? 2 : 1;
}

std::string Lcp::request() {
  std::string list;
  if (own_.asks_accm) append_option_u32(list, option::accm, own_.accm);
  if (own_.login == Login::pap) append_option(list, {option::login, as_pap});
  if (own_.login == Login::chap) append_option(list, {option::login, as_chap_md5});
  if (own_.magic != 0) append_option_u32(list, option::magic, own_.magic);
  if (own_.compresses_protocol) append_option(list, {option::protocol_compression, {}});
  if (own_.compresses_address) append_option(list, {option::address_compression, {}});
  return list;
}

Judgement::Answer Lcp::judge(const std::vector<Option>& options, std::string_view list,
                             bool may_nak) {
  Judgement judgement;
  if (is_looped(options)) {
    ++loops_;
    judgement.nak_u32({option::magic, {}}, new_magic());
    return judgement.answer(list, true);
  }
  loops_ = 0;
  Peer peer;
  for (const auto& option : options) judge(option, peer, judgement);
  auto answer = judgement.answer(list, may_nak);
  if (answer.code == code::configure_ack) peer_ = peer;
  return answer;
}

/// reading: an option whose length is not its own is rejected
void Lcp::judge(const Option& option, Peer& peer, Judgement& judgement) {
  const auto size = option.value.size();
  if (option.type == option::mru && size == sizeof(std::uint16_t)) {
    peer.mru = read_u16(option.value, 0);
    const auto granted = std::clamp<std::uint16_t>(peer.mru, min_mru, default_mru);
    if (granted != peer.mru) judgement.nak_u16(option, granted);
  } else if (option.type == option::accm && size == sizeof(std::uint32_t)) {
    peer.framing.accm = read_u32(option.value, 0);
  } else if (option.type == option::magic && size == magic_size) {
    if (read_u32(option.value, 0) == 0) judgement.nak_u32(option, new_magic());
  } else if (option.type == option::protocol_compression && size == 0) {
    peer.framing.compresses_protocol = true;
  } else if (option.type == option::address_compression && size == 0) {
    peer.framing.compresses_address = true;
  } else {
    judgement.reject(option);
  }
}

bool Lcp::is_looped(const std::vector<Option>& options) const {
  return own_.magic != 0 && std::any_of(options.begin(), options.end(), [&](const Option& option) {
           return option.type == option::magic && option.value.size() == magic_size &&
                  read_u32(option.value, 0) == own_.magic;
         });
}

/// A magic number is never given up for a nak: on a line that echoes, it alone shows that.
void Lcp::naked(const std::vector<Option>& options, bool gives_up) {
  for (const auto& [type, value] : options) {
    if (gives_up && type != option::magic)
      reject(type);
    else if (type == option::accm && value.size() == sizeof(own_.accm))
      own_.accm |= read_u32(value, 0);
    else if (type == option::login && own_.login != Login::none)
      own_.login = named_login(value, own_.login);
    else if (type == option::magic && own_.magic != 0)
      own_.magic = new_magic();
    else if (type == option::protocol_compression)
      own_.compresses_protocol = false;
    else if (type == option::address_compression)
      own_.compresses_address = false;
  }
}

void Lcp::rejected(const std::vector<Option>& options) {
  for (const auto& option : options) reject(option.type);
}

void Lcp::reject(std::uint8_t type) {
  if (type == option::accm) own_.asks_accm = false;
  if (type == option::login) own_.login = Login::none;
  if (type == option::magic) own_.magic = 0;
  if (type == option::protocol_compression) own_.compresses_protocol = false;
  if (type == option::address_compression) own_.compresses_address = false;
}

bool Lcp::take_further(const ControlPacket& packet) {
  switch (packet.code) {
    case code::protocol_reject:
      take_protocol_reject(packet.data);
      return true;
    case code::echo_request:
      reply_to_echo(packet);
      return true;
    case code::echo_reply:
    case code::discard_request:
      return true;
    default:
      return false;
  }
}

void Lcp::take_protocol_reject(std::string_view data) {
  if (!is_open() || data.size() < sizeof(std::uint16_t)) return;
  const auto protocol = read_u16(data, 0);
  if (protocol == protocol::lcp) return automaton_.unknown_to_peer();
  events_.unknown_to_host(protocol);
}

/// A peer that has rejected the magic number gets zero (RFC 1661 6.4, PPP-27).
void Lcp::reply_to_echo(const ControlPacket& packet) {
  if (!is_open() || packet.data.size() < magic_size) return;
  std::string data;
  append_u32(data, own_.magic);
  data += packet.data.substr(magic_size);
  data.resize(std::min(data.size(), peer_mru() - ControlPacket::header));
  send({code::echo_reply, packet.id, data});
}

void Lcp::reject_protocol(std::uint16_t protocol, std::string_view information) {
  if (!is_open()) return;
  std::string data;
  append_u16(data, protocol);
  data += information.substr(0, peer_mru() - ControlPacket::header - sizeof protocol);
  send({code::protocol_reject, automaton_.next_id(), data});
}

}  // namespace data_services::ppp
