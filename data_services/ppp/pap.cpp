#include "data_services/ppp/pap.hpp"

#include "data_services/ppp/control_packet.hpp"
#include "data_services/ppp/octets.hpp"

#include <optional>
#include <utility>

namespace data_services::ppp {
namespace {

constexpr std::uint8_t authenticate_request = 1;
constexpr std::uint8_t authenticate_ack = 2;
constexpr std::uint8_t authenticate_nak = 3;
constexpr std::string_view empty_message("\0", 1);

/// Takes a text behind its length off `data`.
std::optional<std::string_view> take_text(std::string_view& data) {
  if (data.empty()) return std::nullopt;
  const std::size_t size = read_u8(data, 0);
  if (size >= data.size()) return std::nullopt;
  const auto text = data.substr(1, size);
  data.remove_prefix(1 + size);
  return text;
}

}  // namespace

Pap::Pap(at::Timeline& timeline, bool refuses, LoginEvents events)
    : refuses_(refuses), events_(std::move(events)), timer_(timeline) {}

void Pap::start() {
  state_ = State::waiting;
  timer_.start(patience, [this] { events_.no_login(); });
}

void Pap::stop() {
  state_ = State::idle;
  timer_.stop();
}

void Pap::receive(std::string_view bytes) {
  const auto packet = parse_control(bytes);
  if (state_ == State::idle || !packet || packet->code != authenticate_request) return;
  auto data = packet->data;
  const auto user = take_text(data);
  const auto password = user ? take_text(data) : std::nullopt;
  if (!password) return;
  user_ = *user;
  timer_.stop();
  const auto reply = refuses_ ? authenticate_nak : authenticate_ack;
  events_.send(make_control({reply, packet->id, empty_message}));
  if (std::exchange(state_, State::answered) == State::answered) return;
  refuses_ ? events_.refused() : events_.accepted();
}

}  // namespace data_services::ppp
