#include "tests/sim/broker.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sim {

using namespace std::chrono_literals;
using namespace mqtt_backend::link_event;
using mqtt_backend::DownReason;
using mqtt_backend::LinkEvent;
using mqtt_backend::OpenResult;
using mqtt_backend::Ticket;
using support::Asked;

Broker::Broker(support::World& world, Dice& dice, Hooks hooks)
    : world_(world), dice_(dice), hooks_(std::move(hooks)) {
  for (int i = 0; i < links; ++i)
    link(i).asked = [this, i](const Asked& request) { asked(i, request); };
}

void Broker::check() {
  if (!problem_.empty()) throw Violation(problem_);
  const auto now = world_.timeline.now();
  for (int i = 0; i < links; ++i) {
    if (!link(i).up() || !peer(i).session) continue;
    if (now - peer(i).last_sent > std::chrono::seconds(peer(i).keepalive))
      throw Violation(fmt::format("link {}: no PINGREQ within the keep-alive time", i));
    if (peer(i).pong_due && now > *peer(i).pong_due)
      throw Violation(fmt::format("link {}: still up without PINGRESP", i));
  }
}

void Broker::complain(int index, std::string_view what) {
  if (problem_.empty()) problem_ = fmt::format("link {}: {}", index, what);
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
  const bool says_when_written = request.what == Asked::What::publish && request.qos == 0;
  if (!says_when_written) at.last_sent = world_.timeline.now();
  switch (request.what) {
    case Asked::What::open:
      at = Peer{at.opening + 1, at.last_sent};
      answer_open(index);
      break;
    case Asked::What::connect:
      if (up && !at.opened) complain(index, "CONNECT before the link stands");
      if (up && !at.client_id.empty()) complain(index, "CONNECT twice");
      at.client_id = request.text;
      if (up) answer_connect(index);
      break;
    case Asked::What::subscribe:
    case Asked::What::unsubscribe:
    case Asked::What::publish:
      if (up && !at.session) complain(index, "a packet without a session");
      at.flights[request.ticket] = {0, request.qos};
      if (up) answer_exchange(index, request);
      break;
    case Asked::What::resend:
      resend(index, request.ticket);
      break;
    case Asked::What::ping:
      if (up) answer_ping(index);
      break;
    case Asked::What::disconnect:
      at.session = false;
      at.leaving = true;
      if (up) answer_disconnect(index);
      break;
    case Asked::What::back_pressure:
      return;
    case Asked::What::close:
      ++at.opening;
      at.session = at.opened = false;
      break;
  }
}

void Broker::answer_open(int index) {
  const auto say_result = [&](OpenResult result, at::Duration delay) {
    later(index, delay, [this, index, result] {
      peer(index).opened = result == OpenResult::ok;
      say(index, Opened{result});
    });
  };
  const auto fails = [&](OpenResult result, Fault fault) {
    dice_.drew(fault);
    say_result(result, dice_.ms(0, 5000));
  };
  const int roll = dice_.in(0, 99);
  if (roll < 3) {
    fails(OpenResult::unresolved, Fault::open_unresolved);
  } else if (roll < 6) {
    fails(OpenResult::refused, Fault::open_refused);
  } else if (roll < 9) {
    fails(OpenResult::unreachable, Fault::open_unreachable);
  } else if (roll < 12) {
    fails(OpenResult::tls_failed, Fault::open_tls_failed);
  } else if (roll < 14) {
    dice_.drew(Fault::open_black_hole);
  } else if (roll < 17) {
    dice_.drew(Fault::open_around_limit);
    say_result(OpenResult::ok, 120s + dice_.ms(-1, 1));
  } else {
    say_result(OpenResult::ok, dice_.ms(0, 1500));
  }
}

void Broker::answer_connect(int index) {
  const auto accept = [this, index](at::Duration delay) {
    later(index, delay, [this, index] {
      peer(index).session = !peer(index).leaving;
      peer(index).keepalive = hooks_.setup(index).keepalive;
      say(index, ConnAck{0, false});
    });
  };
  const auto& setup = hooks_.setup(index);
  const int roll = dice_.in(0, 99);
  if (roll < 4) {
    dice_.drew(Fault::connack_refused);
    say_later(index, dice_.ms(0, 900), ConnAck{dice_.in(1, 5), false});
  } else if (roll < 7) {
    dice_.drew(Fault::connack_never);
  } else if (roll < 10) {
    dice_.drew(Fault::connack_around_limit);
    const auto whole = std::chrono::seconds(setup.pkt_timeout) * std::max(1, setup.retry_times);
    accept(whole + dice_.ms(-1, 1));
  } else if (roll < 12) {
    dice_.drew(Fault::connect_unsent);
    say_later(index, dice_.ms(0, 100), Down{DownReason::connect_unsent, "unsent"});
  } else {
    accept(dice_.ms(0, 800));
  }
  for (int other = 0; other < links; ++other) {
    if (other == index || !peer(other).session || !link(other).up()) continue;
    if (peer(other).client_id != peer(index).client_id) continue;
    dice_.drew(Fault::take_over);
    say_later(other, dice_.ms(0, 50), Down{DownReason::peer_closed, "taken over"});
  }
}

at::Duration Broker::around(Fault before, Fault at, Fault after) {
  const int offset = dice_.in(-1, 1);
  dice_.drew(offset < 0 ? before : offset == 0 ? at : after);
  return std::chrono::milliseconds(offset);
}

std::optional<at::Duration> Broker::ack_delay(int index) {
  const auto& setup = hooks_.setup(index);
  const int roll = dice_.in(0, 99);
  if (roll < 3) {
    dice_.drew(Fault::ack_never);
    return std::nullopt;
  }
  if (roll < 15) {
    const auto waits = dice_.in(1, std::max(1, setup.retry_times));
    return std::chrono::seconds(setup.pkt_timeout) * waits +
           around(Fault::ack_before_t1, Fault::ack_at_t1, Fault::ack_after_t1);
  }
  return dice_.ms(0, 700);
}

void Broker::answer_exchange(int index, const Asked& request) {
  const auto delay = ack_delay(index);
  if (!delay) return;
  if (request.qos < 2) {
    later(index, *delay, [this, index, request] { acknowledge(index, request); });
    return;
  }
  later(index, *delay, [this, index, request] {
    auto& flights = peer(index).flights;
    const auto flight = flights.find(request.ticket);
    if (flight != flights.end()) flight->second.resends = 0;
    say(index, Received{request.ticket});
    if (const auto second = ack_delay(index))
      later(index, *second, [this, index, request] { acknowledge(index, request); });
  });
}

void Broker::acknowledge(int index, const Asked& request) {
  constexpr Ticket never_given = 1'000'000'000;
  if (dice_.permille(30)) {
    dice_.drew(Fault::ack_wrong_ticket);
    say(index, Acked{request.ticket + never_given, {}});
  }
  if (request.what == Asked::What::publish && request.qos == 0)
    peer(index).last_sent = world_.timeline.now();
  peer(index).flights.erase(request.ticket);
  const Acked acked{request.ticket, granted(request)};
  if (dice_.permille(30)) {
    dice_.drew(Fault::ack_twice);
    say_later(index, dice_.ms(0, 10), acked);
  }
  say(index, acked);
  const bool retained = request.what == Asked::What::subscribe && dice_.permille(400);
  for (int left = retained ? dice_.in(1, 3) : 0; left > 0; --left) message(index);
}

std::vector<std::uint8_t> Broker::granted(const Asked& request) {
  constexpr std::uint8_t refused = 128;
  std::vector<std::uint8_t> codes;
  for (const int qos : request.codes) {
    codes.push_back(static_cast<std::uint8_t>(qos));
    if (dice_.permille(80)) {
      dice_.drew(Fault::suback_128);
      codes.back() = refused;
    } else if (qos > 0 && dice_.permille(80)) {
      dice_.drew(Fault::suback_lower);
      codes.back() = static_cast<std::uint8_t>(qos - 1);
    }
  }
  return codes;
}

void Broker::resend(int index, Ticket ticket) {
  auto& flights = peer(index).flights;
  const auto flight = flights.find(ticket);
  if (flight == flights.end()) {
    if (link(index).up()) complain(index, "a resend of what does not wait");
    return;
  }
  if (++flight->second.resends > hooks_.setup(index).retry_times - 1)
    complain(index, "more resends than retry_times allows");
}

void Broker::answer_ping(int index) {
  auto& at = peer(index);
  const auto wait = std::chrono::seconds(hooks_.setup(index).qmtping);
  if (!at.pong_due) at.pong_due = world_.timeline.now() + wait;
  const auto pong = [this, index] {
    peer(index).pong_due.reset();
    say(index, Pong{});
  };
  const int roll = dice_.in(0, 999);
  if (roll < 15) {
    dice_.drew(Fault::pong_never);
  } else if (roll < 30) {
    dice_.drew(Fault::pong_around_limit);
    later(index, wait + dice_.ms(-1, 1), pong);
  } else if (roll < 45) {
    dice_.drew(Fault::ping_unsent);
    say_later(index, {}, Down{DownReason::ping_unsent, "unsent"});
  } else {
    later(index, dice_.ms(0, 700), pong);
  }
}

void Broker::answer_disconnect(int index) {
  const int roll = dice_.in(0, 99);
  if (roll < 10) {
    dice_.drew(Fault::disconnect_failed);
    say_later(index, dice_.ms(0, 900), Disconnected{false});
  } else if (roll < 20) {
    dice_.drew(Fault::disconnect_never);
  } else if (roll < 30) {
    say_later(index, 30s + dice_.ms(-1, 1), Disconnected{true});
  } else {
    say_later(index, dice_.ms(0, 900), Disconnected{true});
  }
}

void Broker::down(int index, DownReason reason, Fault fault) {
  if (!link(index).up() || !peer(index).opened) return;
  dice_.drew(fault);
  peer(index).session = false;
  say(index, Down{reason, "made to fail"});
}

void Broker::message(int index) {
  if (!link(index).up() || !peer(index).session) return;
  const int qos = dice_.in(0, 2);
  const auto id = qos == 0 ? std::uint16_t{0} : ++peer(index).last_id;
  Message sent{id,
               qos,
               false,
               false,
               fmt::format("topic/{}", dice_.in(0, 9)),
               fmt::format("#{}#", ++messages_) + dice_.bytes(0, 40, false)};
  hooks_.delivered(index, sent);
  say(index, std::move(sent));
}

void Broker::disturb() {
  const int index = dice_.in(0, links - 1);
  const int roll = dice_.in(0, 999);
  if (roll < 3) {
    down(index, DownReason::peer_closed, Fault::peer_closed);
  } else if (roll < 6) {
    down(index, DownReason::unreachable, Fault::unreachable);
  } else if (roll < 9) {
    down(index, DownReason::protocol_error, Fault::protocol_error);
  } else if (roll < 12) {
    down(index, DownReason::internal, Fault::internal);
  } else if (roll < 40) {
    if (peer(index).session) dice_.drew(Fault::message_burst);
    for (int left = dice_.in(2, 12); left > 0; --left) message(index);
  } else {
    message(index);
  }
}

}  // namespace sim
