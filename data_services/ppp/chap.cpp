#include "data_services/ppp/chap.hpp"

#include "data_services/ppp/control_packet.hpp"
#include "data_services/ppp/octets.hpp"

#include <utility>

namespace data_services::ppp {
namespace {

constexpr std::uint8_t challenge_code = 1;
constexpr std::uint8_t response = 2;
constexpr std::uint8_t success = 3;
constexpr std::uint8_t failure = 4;

}  // namespace

Chap::Chap(at::Timeline& timeline, std::string name, bool refuses, RandomSource random,
           LoginEvents events)
    : name_(std::move(name)),
      refuses_(refuses),
      random_(std::move(random)),
      events_(std::move(events)),
      timer_(timeline) {}

void Chap::start() {
  state_ = State::waiting;
  ++id_;
  sent_ = 0;
  challenge_.clear();
  append_u8(challenge_, challenge_size);
  while (challenge_.size() < 1 + challenge_size) append_u32(challenge_, random_());
  challenge_ += name_;
  challenge();
}

void Chap::stop() {
  state_ = State::idle;
  timer_.stop();
}

/// reading: a challenge is repeated as it was, its identifier included, as PPP servers do
void Chap::challenge() {
  if (sent_ == max_challenges) return events_.no_login();
  ++sent_;
  timer_.start(restart_time, [this] { challenge(); });
  events_.send(make_control({challenge_code, id_, challenge_}));
}

void Chap::receive(std::string_view bytes) {
  const auto packet = parse_control(bytes);
  if (state_ == State::idle || !packet || packet->code != response || packet->id != id_) return;
  if (packet->data.empty()) return;
  const std::size_t size = read_u8(packet->data, 0);
  if (size == 0 || 1 + size > packet->data.size()) return;
  user_ = packet->data.substr(1 + size);
  timer_.stop();
  events_.send(make_control({refuses_ ? failure : success, packet->id}));
  if (std::exchange(state_, State::answered) == State::answered) return;
  refuses_ ? events_.refused() : events_.accepted();
}

}  // namespace data_services::ppp
