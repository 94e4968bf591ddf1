// The option negotiation automaton of RFC 1661 section 4, which LCP and IPCP share: every state,
// event and action of its table, the restart timer and the limits (PPP-13). What the options mean
// is the Protocol's. Owned by the Lcp and the Ipcp.
#pragma once

#include "at_engine/timeline.hpp"
#include "data_services/ppp/control_packet.hpp"
#include "data_services/ppp/options.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace data_services::ppp {

/// Octets of a packet that any peer takes, and the most that a peer may send (RFC 1661, PPP-40).
constexpr std::size_t default_mru = 1500;

class Automaton {
 public:
  /// Between two requests that nobody answers.
  static constexpr at::Duration restart_time = std::chrono::seconds(6);
  static constexpr int max_configure = 10;
  static constexpr int max_terminate = 2;
  /// Naks, sent or heard, behind which what one is about is given up.
  static constexpr int max_failure = 5;

  enum class State {
    initial,
    starting,
    closed,
    stopped,
    closing,
    stopping,
    req_sent,
    ack_rcvd,
    ack_sent,
    opened
  };

  class Protocol {
   public:
    virtual ~Protocol() = default;

    virtual void send(const ControlPacket& packet) = 0;

    /// A negotiation begins: own options are again those that it would like best.
    virtual void begin() = 0;
    /// The options of the next request.
    [[nodiscard]] virtual std::string request() = 0;
    /// What becomes of the peer's request. Only the last one that was acknowledged counts.
    [[nodiscard]] virtual Judgement::Answer judge(const std::vector<Option>& options,
                                                  std::string_view list, bool may_nak) = 0;
    /// The peer would like these values, or has none of these options: the next request is to be
    /// other, or without them. With `gives_up` it has said so too often to be asked again.
    virtual void naked(const std::vector<Option>& options, bool gives_up) = 0;
    virtual void rejected(const std::vector<Option>& options) = 0;

    virtual void up() = 0;
    virtual void down() = 0;
    /// Closed for good: acknowledged, given up, or impossible with this peer.
    virtual void finished() = 0;

    /// A code above 7; false where there is none such.
    virtual bool take_further(const ControlPacket& packet) = 0;
    /// Octets of a packet that the peer takes.
    [[nodiscard]] virtual std::size_t peer_mru() const { return default_mru; }
  };

  Automaton(at::Timeline& timeline, Protocol& protocol) : protocol_(protocol), timer_(timeline) {}

  /// The layer below is there, or is no longer.
  void up() { run(Event::up); }
  void down() { run(Event::down); }
  /// The layer may be opened, or is to be closed.
  void open() { run(Event::open); }
  void close() { run(Event::close); }
  /// The peer does not know the protocol.
  void unknown_to_peer() { run(Event::bad_reject); }

  /// A packet of the protocol; one that is none is dropped in silence.
  void receive(std::string_view packet);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool is_open() const { return state_ == State::opened; }
  /// As RFC 1661 calls it: "Req-Sent".
  [[nodiscard]] std::string_view state_name() const;

  /// For a packet of the protocol that the automaton does not send itself.
  [[nodiscard]] std::uint8_t next_id() { return next_id_++; }

  enum class Event {
    up,
    down,
    open,
    close,
    timeout,          // TO+
    last_timeout,     // TO-
    good_request,     // RCR+
    bad_request,      // RCR-
    ack,              // RCA
    nak,              // RCN, a reject too
    terminate,        // RTR
    terminated,       // RTA
    unknown_code,     // RUC
    harmless_reject,  // RXJ+
    bad_reject        // RXJ-
  };

 private:
  void run(Event event, const ControlPacket& packet = {}, std::string_view raw = {});
  void act(unsigned actions, Event event, const ControlPacket& packet, std::string_view raw);
  void take_request(const ControlPacket& packet);
  void take_answer(const ControlPacket& packet);
  void take_code_reject(const ControlPacket& packet);
  void begin();
  void send_request(bool again);
  void send_terminate();
  void send_code_reject(std::string_view raw);
  void wait();

  Protocol& protocol_;
  at::Timer timer_;
  State state_ = State::initial;
  int restarts_ = 0;
  std::uint8_t next_id_ = 0;
  std::uint8_t request_id_ = 0;
  std::string request_;
  bool answered_ = true;  // the last request
  Judgement::Answer answer_;
  int naks_sent_ = 0;
  int naks_heard_ = 0;
};

}  // namespace data_services::ppp
