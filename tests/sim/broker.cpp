#include "tests/sim/broker.hpp"

#include "emulator/faults/faulty_link.hpp"

#include <utility>

#include <fmt/format.h>

namespace sim {

using namespace std::chrono_literals;
using namespace mqtt_backend::link_event;
using mqtt_backend::DownReason;
using mqtt_backend::LinkEvent;
using mqtt_backend::OpenResult;
using mqtt_backend::Packet;
using mqtt_backend::PacketType;
using support::Asked;

namespace {

constexpr std::uint8_t first_byte(PacketType type, unsigned flags = 0) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(type) << 4U | flags);
}

Packet answer(PacketType type, std::uint16_t id, const std::vector<int>& codes = {}) {
  Packet body;
  mqtt_backend::append_u16(body, id);
  for (const int code : codes) body.push_back(static_cast<std::uint8_t>(code));
  return mqtt_backend::make_packet(first_byte(type), body);
}

}  // namespace

Broker::Broker(World& world, Dice& dice) : world_(world), dice_(dice) {
  for (int i = 0; i < links; ++i) {
    link(i).asked = [this, i](const Asked& request) { asked(i, request); };
    link(i).takes = [this, i](Packet packet) { return takes_injected(i, std::move(packet)); };
  }
}

void Broker::later(int index, at::Duration delay, std::function<void()> action) {
  ++pending_;
  world_.timeline.after(delay,
                        [this, index, opening = peer(index).opening, run = std::move(action)] {
                          --pending_;
                          if (link(index).up() && opening == peer(index).opening) run();
                        });
}

void Broker::say(int index, LinkEvent event) { link(index).say(std::move(event)); }

void Broker::say_later(int index, at::Duration delay, LinkEvent event) {
  later(index, delay, [this, index, said = std::move(event)] { say(index, said); });
}

void Broker::asked(int index, const Asked& request) {
  auto& at = peer(index);
  const bool up = link(index).up();
  switch (request.what) {
    case Asked::What::open:
      at = Peer{.opening = at.opening + 1};
      answer_open(index, request);
      break;
    case Asked::What::connect:
      at.client_id = request.text;
      if (up) answer_connect(index);
      break;
    case Asked::What::subscribe:
    case Asked::What::unsubscribe:
    case Asked::What::publish: {
      const auto id = static_cast<std::uint16_t>(at.exchanges.size() + 1);
      at.exchanges[id] = {request.ticket, request};
      if (up) answer_exchange(index, id);
      break;
    }
    case Asked::What::resend:
      for (const auto& [id, exchange] : at.exchanges)
        if (up && exchange.ticket == request.ticket) answer_exchange(index, id);
      break;
    case Asked::What::ping:
      if (up) sends(index, soon(), mqtt_backend::bare_packet(PacketType::pingresp));
      if (up && dice_.permille(15)) {
        dice_.drew(Turn::ping_unsent);
        say_later(index, {}, Down{DownReason::ping_unsent, "unsent"});
      }
      break;
    case Asked::What::disconnect:
      at.session = false;
      at.leaving = true;
      if (up) answer_disconnect(index);
      break;
    case Asked::What::back_pressure:
      break;
    case Asked::What::close:
      ++at.opening;
      at.session = at.opened = false;
      break;
  }
}

void Broker::answer_open(int index, const Asked& request) {
  if (request.text == emulator::faults::FaultyLink::wrong_address) return;
  const auto say_result = [&](OpenResult result) {
    say_later(index, 0ms, Negotiating{});
    later(index, dice_.permille(500) ? soonest : dice_.ms(1, 1500), [this, index, result] {
      peer(index).opened = result == OpenResult::ok;
      say(index, Opened{result});
    });
  };
  // Where no certificate is asked for, a wrong one does not matter.
  const auto trouble = world_.tls_trouble(request.detour);
  if (trouble == "stall") return say_later(index, 0ms, Negotiating{});
  if (trouble == "cut" || trouble == "version" || trouble == "suite")
    return say_result(OpenResult::tls_failed);
  const bool unreachable = dice_.permille(30);
  if (unreachable) dice_.drew(Turn::open_unreachable);
  say_result(unreachable ? OpenResult::unreachable : OpenResult::ok);
}

void Broker::answer_connect(int index) {
  if (dice_.permille(20)) {
    dice_.drew(Turn::connect_unsent);
    return say_later(index, dice_.ms(0, 100), Down{DownReason::connect_unsent, "unsent"});
  }
  const auto delay = soon();
  later(index, delay, [this, index] { peer(index).session = !peer(index).leaving; });
  sends(index, delay, mqtt_backend::make_packet(first_byte(PacketType::connack), {0, 0}));
  for (int other = 0; other < links; ++other) {
    if (other == index || !peer(other).session || !link(other).up()) continue;
    if (peer(other).client_id != peer(index).client_id) continue;
    dice_.drew(Turn::take_over);
    say_later(other, dice_.ms(0, 50), Down{DownReason::peer_closed, "taken over"});
  }
}

void Broker::answer_exchange(int index, std::uint16_t id) {
  const auto& exchange = peer(index).exchanges[id];
  const auto& request = exchange.request;
  if (request.what == Asked::What::subscribe) {
    sends(index, soon(), answer(PacketType::suback, id, request.codes));
    if (dice_.permille(400)) later(index, 700ms, [this, index] { subscribed(index); });
  } else if (request.what == Asked::What::unsubscribe) {
    sends(index, soon(), answer(PacketType::unsuback, id));
  } else if (request.qos == 0) {
    say_later(index, soon(), Acked{exchange.ticket, {}});
  } else if (request.qos == 1) {
    sends(index, soon(), answer(PacketType::puback, id));
  } else {
    sends(index, soon(), answer(exchange.received ? PacketType::pubcomp : PacketType::pubrec, id));
  }
}

/// What is retained comes.
void Broker::subscribed(int index) {
  for (int left = dice_.in(1, 3); left > 0; --left) message(index);
}

void Broker::answer_disconnect(int index) {
  const int roll = dice_.in(0, 99);
  if (roll < 10) {
    dice_.drew(Turn::disconnect_failed);
    say_later(index, dice_.ms(0, 900), Disconnected{false});
  } else if (roll < 20) {
    dice_.drew(Turn::disconnect_never);
  } else if (roll < 30) {
    dice_.drew(Turn::disconnect_late);
    say_later(index, 30s + dice_.ms(-1, 1), Disconnected{true});
  } else {
    say_later(index, dice_.ms(0, 900), Disconnected{true});
  }
}

void Broker::give_up(int index, DownReason reason, Turn turn) {
  if (!link(index).up() || !peer(index).opened) return;
  dice_.drew(turn);
  peer(index).session = false;
  say(index, Down{reason, "given up"});
}

void Broker::message(int index) {
  if (!link(index).up() || !peer(index).session) return;
  const int qos = dice_.in(0, 2);
  Packet body;
  mqtt_backend::append_text(body, fmt::format("topic/{}", dice_.in(0, 9)));
  if (qos > 0) mqtt_backend::append_u16(body, ++peer(index).last_id);
  const auto payload = fmt::format("#{}#", ++messages_) + dice_.bytes(0, 40, false);
  body.insert(body.end(), payload.begin(), payload.end());
  const auto flags = static_cast<unsigned>(qos) << 1U;
  sends(index, {}, mqtt_backend::make_packet(first_byte(PacketType::publish, flags), body));
}

void Broker::disturb() {
  const int index = dice_.in(0, links - 1);
  const int roll = dice_.in(0, 999);
  if (roll < 3) {
    give_up(index, DownReason::unreachable, Turn::unreachable);
  } else if (roll < 6) {
    give_up(index, DownReason::internal, Turn::internal);
  } else if (roll < 40) {
    if (peer(index).session) dice_.drew(Turn::message_burst);
    for (int left = dice_.in(2, 12); left > 0; --left) message(index);
  } else {
    message(index);
  }
}

}  // namespace sim
