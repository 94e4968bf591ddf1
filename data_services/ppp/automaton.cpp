#include "data_services/ppp/automaton.hpp"

#include "data_services/ppp/octets.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace data_services::ppp {
namespace {

using State = Automaton::State;

/// In the order in which a cell runs them. This-Layer-Started is left out: the line is there.
enum Action : unsigned {
  tld = 1U << 0U,
  irc = 1U << 1U,
  zrc = 1U << 2U,
  scr = 1U << 3U,
  str = 1U << 4U,
  sca = 1U << 5U,
  scn = 1U << 6U,
  sta = 1U << 7U,
  scj = 1U << 8U,
  tlu = 1U << 9U,
  tlf = 1U << 10U
};

struct Cell {
  unsigned actions = 0;
  std::optional<State> next{};  // none: the event cannot be
};

constexpr std::size_t states = 10;
using Row = std::array<Cell, states>;

constexpr Cell none{};
consteval Cell to(State next) { return {0, next}; }
consteval Cell to(unsigned actions, State next) { return {actions, next}; }

constexpr auto s0 = State::initial;
constexpr auto s1 = State::starting;
constexpr auto s2 = State::closed;
constexpr auto s3 = State::stopped;
constexpr auto s4 = State::closing;
constexpr auto s5 = State::stopping;
constexpr auto s6 = State::req_sent;
constexpr auto s7 = State::ack_rcvd;
constexpr auto s8 = State::ack_sent;
constexpr auto s9 = State::opened;

/// RFC 1661 4.1: a row for each event, a cell for each state from 0 to 9.
// clang-format off
constexpr std::array<Row, 15> table{{
    // Up
    {to(s2), to(irc | scr, s6), none, none, none, none, none, none, none, none},
    // Down
    {none, none, to(s0), to(s1), to(s0), to(s1), to(s1), to(s1), to(s1), to(tld, s1)},
    // Open
    {to(s1), to(s1), to(irc | scr, s6), to(s3), to(s5), to(s5), to(s6), to(s7), to(s8), to(s9)},
    // Close
    {to(s0), to(tlf, s0), to(s2), to(s2), to(s4), to(s4), to(irc | str, s4), to(irc | str, s4),
     to(irc | str, s4), to(tld | irc | str, s4)},
    // TO+
    {none, none, none, none, to(str, s4), to(str, s5), to(scr, s6), to(scr, s6), to(scr, s8), none},
    // TO-
    {none, none, none, none, to(tlf, s2), to(tlf, s3), to(tlf, s3), to(tlf, s3), to(tlf, s3), none},
    // RCR+
    {none, none, to(sta, s2), to(irc | scr | sca, s8), to(s4), to(s5), to(sca, s8),
     to(sca | tlu, s9), to(sca, s8), to(tld | scr | sca, s8)},
    // RCR-
    {none, none, to(sta, s2), to(irc | scr | scn, s6), to(s4), to(s5), to(scn, s6), to(scn, s7),
     to(scn, s6), to(tld | scr | scn, s6)},
    // RCA
    {none, none, to(sta, s2), to(sta, s3), to(s4), to(s5), to(irc, s7), to(scr, s6),
     to(irc | tlu, s9), to(tld | scr, s6)},
    // RCN
    {none, none, to(sta, s2), to(sta, s3), to(s4), to(s5), to(irc | scr, s6), to(scr, s6),
     to(irc | scr, s8), to(tld | scr, s6)},
    // RTR
    {none, none, to(sta, s2), to(sta, s3), to(sta, s4), to(sta, s5), to(sta, s6), to(sta, s6),
     to(sta, s6), to(tld | zrc | sta, s5)},
    // RTA
    {none, none, to(s2), to(s3), to(tlf, s2), to(tlf, s3), to(s6), to(s6), to(s8),
     to(tld | scr, s6)},
    // RUC
    {none, none, to(scj, s2), to(scj, s3), to(scj, s4), to(scj, s5), to(scj, s6), to(scj, s7),
     to(scj, s8), to(scj, s9)},
    // RXJ+
    {none, none, to(s2), to(s3), to(s4), to(s5), to(s6), to(s6), to(s8), to(s9)},
    // RXJ-
    {none, none, to(tlf, s2), to(tlf, s3), to(tlf, s2), to(tlf, s3), to(tlf, s3), to(tlf, s3),
     to(tlf, s3), to(tld | irc | str, s5)},
}};
// clang-format on

constexpr bool has(unsigned actions, Action action) { return (actions & action) != 0; }

/// States in which the restart timer runs.
bool waits(State state) { return state >= State::closing && state <= State::ack_sent; }
bool negotiates(State state) { return state >= State::req_sent && state <= State::ack_sent; }

}  // namespace

std::string_view Automaton::state_name() const {
  constexpr std::array<std::string_view, states> names{
      "Initial",  "Starting", "Closed",   "Stopped",  "Closing",
      "Stopping", "Req-Sent", "Ack-Rcvd", "Ack-Sent", "Opened"};
  return names[static_cast<std::size_t>(state_)];
}

void Automaton::receive(std::string_view bytes) {
  const auto packet = parse_control(bytes);
  if (!packet || state_ == State::initial || state_ == State::starting) return;
  switch (packet->code) {
    case code::configure_request:
      return take_request(*packet);
    case code::configure_ack:
    case code::configure_nak:
    case code::configure_reject:
      return take_answer(*packet);
    case code::terminate_request:
      return run(Event::terminate, *packet);
    case code::terminate_ack:
      return run(Event::terminated, *packet);
    case code::code_reject:
      return take_code_reject(*packet);
    default:
      if (!protocol_.take_further(*packet)) run(Event::unknown_code, *packet, bytes);
  }
}

/// reading: a list of options that cannot be read is dropped in silence
void Automaton::take_request(const ControlPacket& packet) {
  const auto options = parse_options(packet.data);
  if (!options) return;
  const bool is_heard = negotiates(state_) || state_ == State::opened || state_ == State::stopped;
  if (!is_heard) return run(Event::good_request, packet);
  answer_ = protocol_.judge(*options, packet.data, naks_sent_ < max_failure);
  run(answer_.code == code::configure_ack ? Event::good_request : Event::bad_request, packet);
}

/// reading: an answer to a request that has been answered is dropped: the host may have
/// acknowledged a request and its repetition
void Automaton::take_answer(const ControlPacket& packet) {
  const bool is_ack = packet.code == code::configure_ack;
  const auto event = is_ack ? Event::ack : Event::nak;
  if (!negotiates(state_) && state_ != State::opened) return run(event, packet);
  if (packet.id != request_id_ || answered_) return;
  const auto options = parse_options(packet.data);
  if (!options || (is_ack && packet.data != request_)) return;
  const auto sent = *parse_options(request_);
  const bool is_reject = packet.code == code::configure_reject;
  if (is_reject && !std::all_of(options->begin(), options->end(), [&](const Option& option) {
        return std::find(sent.begin(), sent.end(), option) != sent.end();
      }))
    return;
  answered_ = true;
  if (is_reject)
    protocol_.rejected(*options);
  else if (!is_ack)
    protocol_.naked(*options, ++naks_heard_ > max_failure);
  run(event, packet);
}

void Automaton::take_code_reject(const ControlPacket& packet) {
  if (packet.data.empty()) return;
  const bool is_needed = read_u8(packet.data, 0) <= code::code_reject;
  run(is_needed ? Event::bad_reject : Event::harmless_reject, packet);
}

void Automaton::run(Event event, const ControlPacket& packet, std::string_view raw) {
  const auto& cell = table[static_cast<std::size_t>(event)][static_cast<std::size_t>(state_)];
  if (!cell.next) return;
  const bool begins = has(cell.actions, scr) && !negotiates(state_);
  state_ = *cell.next;
  if (!waits(state_)) timer_.stop();
  if (has(cell.actions, tld)) protocol_.down();
  if (begins) begin();
  act(cell.actions, event, packet, raw);
}

void Automaton::act(unsigned actions, Event event, const ControlPacket& packet,
                    std::string_view raw) {
  if (has(actions, irc)) restarts_ = has(actions, str) ? max_terminate : max_configure;
  if (has(actions, zrc)) {
    restarts_ = 0;
    wait();
  }
  if (has(actions, scr)) send_request(event == Event::timeout);
  if (has(actions, str)) send_terminate();
  if (has(actions, sca)) naks_sent_ = 0;
  if (has(actions, scn) && answer_.code == code::configure_nak) ++naks_sent_;
  if (has(actions, sca) || has(actions, scn))
    protocol_.send({answer_.code, packet.id, answer_.options});
  if (has(actions, sta)) protocol_.send({code::terminate_ack, packet.id});
  if (has(actions, scj)) send_code_reject(raw);
  if (has(actions, tlu)) protocol_.up();
  if (has(actions, tlf)) protocol_.finished();
}

void Automaton::begin() {
  naks_sent_ = 0;
  naks_heard_ = 0;
  protocol_.begin();
}

/// A repetition is the same packet (RFC 1661 5.1 leaves that open; PPP hosts do so).
void Automaton::send_request(bool again) {
  if (!again || answered_) {
    request_id_ = next_id();
    request_ = protocol_.request();
  }
  answered_ = false;
  --restarts_;
  wait();
  protocol_.send({code::configure_request, request_id_, request_});
}

void Automaton::send_terminate() {
  --restarts_;
  wait();
  protocol_.send({code::terminate_request, next_id()});
}

void Automaton::send_code_reject(std::string_view raw) {
  const auto most = protocol_.peer_mru() - ControlPacket::header;
  protocol_.send({code::code_reject, next_id(), raw.substr(0, most)});
}

void Automaton::wait() {
  timer_.start(restart_time, [this] { run(restarts_ > 0 ? Event::timeout : Event::last_timeout); });
}

}  // namespace data_services::ppp
