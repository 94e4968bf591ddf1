// The seam between one MQTT client and the world: requests go down, everything that happens comes
// back as one LinkEvent on the core's thread. A Link does things to bytes when told to (send,
// resend, ping, cut) and reports evidence; when to do so is the Client's business.
// Implemented by LinkPaho (real traffic) and by FakeLink (tests). One Link serves one client_idx
// for the life of the modem, through any number of opens.
#pragma once

#include "mqtt_backend/packet_header.hpp"
#include "ssl_ctx/contexts.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mqtt_backend {

/// Where QMTOPEN goes, and over what kind of TLS when "ssl" is on.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
  std::shared_ptr<const ssl_ctx::TlsRequest> tls{};
  /// If it is not 0, this port of the machine's own loopback takes the connection in its place.
  std::uint16_t detour = 0;
  /// Addresses of the DNS servers to ask for the host's name; none: those of the system.
  std::vector<std::string> name_servers{};
  /// The context that it goes over.
  int cid = 0;
};

/// A last will. Topic and message are bytes, NUL allowed in the message.
struct Will {
  int qos = 0;
  bool retain = false;
  std::string topic;
  std::string message;
};

/// What goes into CONNECT. `keepalive` is in seconds of the wire, 0 = off.
struct ConnectRequest {
  int version = 3;  // 3 = MQTT 3.1 (MQIsdp), 4 = MQTT 3.1.1
  bool clean_session = true;
  std::uint16_t keepalive = 0;
  std::string client_id;
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<Will> will;
};

struct TopicFilter {
  std::string topic;
  int qos = 0;
};

/// One PUBLISH. `msg_id` is what the host wants on the wire (ignored for qos 0).
struct PublishRequest {
  std::uint16_t msg_id = 0;
  int qos = 0;
  bool retain = false;
  std::string topic;
  std::string payload;
};

/// Names one SUBSCRIBE, UNSUBSCRIBE or PUBLISH from the request to its end. Never reused, never 0.
using Ticket = std::uint64_t;

enum class OpenResult {
  ok,
  unresolved,   // the name has no address
  refused,      // no listener, or reset while connecting
  unreachable,  // no answer, no route
  tls_failed,   // the handshake failed, or TLS cannot be had
};

/// Why an established link went down without the client having closed it.
enum class DownReason {
  peer_closed,     // FIN, RST, TLS close_notify or alert
  unreachable,     // ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, user timeout
  connect_unsent,  // CONNECT could not be written
  ping_unsent,     // PINGREQ could not be written
  protocol_error,  // the broker broke the protocol or sent a packet over the cap
  internal,        // our side failed (the MQTT library dropped the hop, ...)
};

/// What TLS has agreed on; empty texts without TLS.
struct Security {
  std::string version;  // "TLSv1.2"
  std::string suite;    // OpenSSL's name
};

namespace link_event {

/// TCP is established and the TLS handshake begins. Its limit is the Client's to keep, with
/// close().
struct Negotiating {};
/// The open ended. After anything but ok the link is closed.
struct Opened {
  OpenResult result;
  Security security{};  // of a link over TLS
};
/// CONNACK came. `code` 0 = accepted. After another code the Client closes the link.
struct ConnAck {
  int code;
  bool session_present;
};
/// Something was written to the real link (restarts T2), but for a qos 0 PUBLISH, whose Acked says
/// so. Injected or withheld bytes do not count.
struct Sent {};
/// The exchange `ticket` ended: SUBACK, UNSUBACK, PUBACK, PUBCOMP, or a qos 0 PUBLISH written.
struct Acked {
  Ticket ticket;
  std::vector<std::uint8_t> codes;  // SUBACK: one a topic; else empty
};
/// PUBREC came: the first half of a qos 2 publish is done and PUBREL is on its way.
struct Received {
  Ticket ticket;
};
/// An application message from the broker, once for qos 2. `msg_id` is the broker's id, 0 for qos
/// 0.
struct Message {
  std::uint16_t msg_id;
  int qos;
  bool retain;
  bool dup;
  std::string topic;
  std::string payload;
};
/// PINGRESP came.
struct Pong {};
/// The disconnect() asked for is done: DISCONNECT is written (or failed) and the socket is closed.
struct Disconnected {
  bool ok;
};
/// The link died by itself; it is closed already.
struct Down {
  DownReason reason;
  std::string detail;  // for the log
};

}  // namespace link_event

using LinkEvent =
    std::variant<link_event::Negotiating, link_event::Opened, link_event::ConnAck, link_event::Sent,
                 link_event::Acked, link_event::Received, link_event::Message, link_event::Pong,
                 link_event::Disconnected, link_event::Down>;

class Link {
 public:
  using Listener = std::function<void(LinkEvent)>;

  using Watcher = std::function<void(Direction, const PacketHeader&)>;

  virtual ~Link() = default;

  /// Where events go. Set once, before the first open. Events never come from inside a call.
  virtual void listen(Listener listener) = 0;

  /// Who wants to know of every packet that passes, in order and as it passes, beside the events.
  /// Set once, before the first open; without it nothing is spent on that.
  virtual void watch(Watcher watcher) = 0;

  /// Resolves and connects (TCP, then TLS). Ends with Opened. Only when closed.
  virtual void open(const Endpoint& endpoint) = 0;

  /// Sends CONNECT on the open link, once. Ends with ConnAck or Down.
  virtual void connect(const ConnectRequest& request) = 0;

  /// One packet each; ends with Acked (Received before it for qos 2) unless the link closes first.
  /// `msg_id` 0, or one that is in flight on this link, is replaced by a free id on the wire.
  virtual Ticket subscribe(std::uint16_t msg_id, const std::vector<TopicFilter>& filters) = 0;
  virtual Ticket unsubscribe(std::uint16_t msg_id, const std::vector<std::string>& topics) = 0;
  virtual Ticket publish(PublishRequest request) = 0;

  /// Sends the packet that `ticket` waits for an answer to once more (PUBLISH with DUP; PUBREL in
  /// the second half of qos 2; DUP on SUBSCRIBE, UNSUBSCRIBE and PUBREL only in version 3).
  virtual void resend(Ticket ticket) = 0;

  /// Writes PINGREQ; ends with Pong if the broker answers.
  virtual void ping() = 0;

  /// Writes DISCONNECT if connected, then closes. Ends with Disconnected.
  virtual void disconnect() = 0;

  /// False while the peer's TCP has not acknowledged all that was written.
  [[nodiscard]] virtual bool delivered() const = 0;

  /// Stops reading from the broker, after what is under way, or goes on. Ends with the opening.
  virtual void back_pressure(bool on) = 0;

  /// Takes a packet in as though the broker had sent it, and keeps the answers to it from the
  /// broker. A PUBLISH of qos 1 or 2 whose id is 0 gets one that is free. False unless connected.
  [[nodiscard]] virtual bool inject(std::vector<std::uint8_t> packet) = 0;

  /// Cuts the link at once, without DISCONNECT. No event of this opening comes after the call.
  /// Harmless when closed.
  virtual void close() = 0;
};

}  // namespace mqtt_backend
