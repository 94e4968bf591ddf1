// Who looks on at the MQTT clients: journal, page, metrics. Events are typed; they carry no
// credentials, and of payloads what PacketHeader keeps. Implemented outside of this room; a client
// works without one and then spends nothing on it.
#pragma once

#include "at_engine/timeline.hpp"
#include "mqtt_backend/client_state.hpp"
#include "mqtt_backend/link.hpp"
#include "mqtt_backend/packet_header.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

namespace mqtt_backend {

/// The timers of a client; those of the note's figure 1 by its names.
enum class TimerName { t1, t2, qmtping, open, negotiation, disconnect, close };

constexpr std::string_view name_of(TimerName timer) {
  switch (timer) {
    case TimerName::t1:
      return "T1";
    case TimerName::t2:
      return "T2";
    case TimerName::qmtping:
      return "qmtping";
    case TimerName::open:
      return "open";
    case TimerName::negotiation:
      return "negotiation";
    case TimerName::disconnect:
      return "disconnect";
    case TimerName::close:
      return "close";
  }
  return {};
}

/// Why no exchange may begin now.
enum class Refusal { not_connected, too_many, id_under_way, window_full };

constexpr std::string_view text_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::not_connected:
      return "the client is not connected";
    case Refusal::too_many:
      return "too many wait already";
    case Refusal::id_under_way:
      return "this msgID is still under way";
    case Refusal::window_full:
      return "five publishes of qos 1 and 2 wait already";
  }
  return {};
}

namespace event {

/// The link is asked for.
struct LinkOpening {
  std::string_view host;
  std::uint16_t port;
  bool tls;
};
/// TCP is established and the TLS handshake begins.
struct LinkNegotiating {};
/// The opening ended; ok: the link is established.
struct LinkOpened {
  OpenResult result;
  Security security{};
};
/// An established link died by itself. `detail` is for people.
struct LinkLost {
  DownReason reason;
  std::string_view detail;
};
/// The link ended as the client asked; ok: DISCONNECT is written.
struct LinkEnded {
  bool ok;
};
/// The context that the link was opened over is gone.
struct BearerLost {
  int cid;
};
/// A packet passed: its last byte came, or was taken by the system.
struct PacketPassed {
  Direction direction;
  PacketHeader packet;
};
/// A SUBSCRIBE, UNSUBSCRIBE or PUBLISH that the host asked for does not begin.
struct ExchangeRefused {
  Refusal why;
  int msg_id;
};
/// A message went into a slot of the receive buffer (recv/mode 1).
struct MessageStored {
  std::size_t recv_id;
};
/// A message found no slot free.
struct MessageDropped {};
/// The host took a message out of its slot.
struct MessageRead {
  std::size_t recv_id;
};
/// `why` is for people.
struct StateChanged {
  ClientState from;
  ClientState to;
  std::string_view why;
};
/// A timer runs, from now on; it may have been running. `msg_id`: of the packet that T1 is for, 0
/// for CONNECT.
struct TimerSet {
  TimerName timer;
  int msg_id;
  at::Duration delay;
};
/// It ran out.
struct TimerFired {
  TimerName timer;
  int msg_id;
};
/// It ended before its time.
struct TimerStopped {
  TimerName timer;
  int msg_id;
};

}  // namespace event

using Event =
    std::variant<event::LinkOpening, event::LinkNegotiating, event::LinkOpened, event::LinkLost,
                 event::LinkEnded, event::BearerLost, event::PacketPassed, event::ExchangeRefused,
                 event::MessageStored, event::MessageDropped, event::MessageRead,
                 event::StateChanged, event::TimerSet, event::TimerFired, event::TimerStopped>;

class Observer {
 public:
  virtual ~Observer() = default;

  /// Views in `event` hold for the length of the call. Must not call back into the module.
  virtual void saw(at::Time /*at*/, int /*client_idx*/, const Event& /*event*/) {}
};

}  // namespace mqtt_backend
