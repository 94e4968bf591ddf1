// One MQTT client: the state machine between QMTOPEN and QMTDISC/QMTCLOSE, with the note's results.
// Fed by the commands (Qmt) and by its Link; speaks through Announce; all time is the Timeline's.
// Six of them are owned by the Modem. Note chapters 2 to 4.
#pragma once

#include "at_engine/ground.hpp"
#include "at_engine/log.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "cellular/bearer.hpp"
#include "cellular/knobs.hpp"
#include "cellular/latency.hpp"
#include "mqtt_backend/client_state.hpp"
#include "mqtt_backend/client_timer.hpp"
#include "mqtt_backend/codes.hpp"
#include "mqtt_backend/config.hpp"
#include "mqtt_backend/exchange.hpp"
#include "mqtt_backend/held_events.hpp"
#include "mqtt_backend/inbox.hpp"
#include "mqtt_backend/link.hpp"
#include "mqtt_backend/observer.hpp"
#include "mqtt_backend/tracepoint.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>

namespace mqtt_backend {

/// What the clients share.
struct ClientWorld {
  at::Timeline& timeline;
  at::Announce& announce;
  at::Log& log;
  cellular::Latency& latency;
  const cellular::Knobs& knobs;
  cellular::Bearer& bearer;
  std::function<std::int64_t()> unix_ms;  // the modem's clock
  /// An SSL context (0-5) as it is now, or why it cannot be used.
  std::function<std::variant<ssl_ctx::TlsRequest, std::string>(int ctx)> tls;
  /// Virtual seconds in a second of the wire, as things are.
  std::function<double()> time_scale = [] { return 1.0; };
  Observer* observer = nullptr;  // looks on, if there is one
};

class Client {
 public:
  /// Publishes of qos 1 and 2 that may wait for their end (note 3.3.8, note 1).
  static constexpr std::size_t window = 5;
  /// Most SUBSCRIBE, UNSUBSCRIBE and PUBLISH of qos 1 and 2 that may wait for their end.
  static constexpr std::size_t max_exchanges = 64;
  /// Most PUBLISH of qos 0 that may wait to be written.
  static constexpr std::size_t max_unwritten = 512;
  /// Results of qos 0 that wait for the round trip: of all clients fewer than URCs that may wait.
  static constexpr std::size_t max_untold = 1024;

  /// As the host typed them; a username that was typed may be empty.
  struct Credentials {
    std::string client_id;
    std::optional<std::string> username{};
    std::string password{};
  };

  using State = ClientState;

  Client(int client_idx, ClientWorld& world, Link& link);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
  /// Of the link that was opened last.
  [[nodiscard]] const Security& security() const { return security_; }
  [[nodiscard]] Config& config() { return config_; }
  [[nodiscard]] Inbox& inbox() { return inbox_; }
  [[nodiscard]] int index() const { return client_idx_; }

  /// True when a QMTCFG set is allowed (CFG-3).
  [[nodiscard]] bool configurable() const;
  /// True from the end of QMTOPEN to the loss of the link.
  [[nodiscard]] bool established() const;
  [[nodiscard]] bool connected() const { return state_ == State::connected; }

  // The commands; their results go to `asker`. False, or a refusal: the host gets ERROR.

  /// Always accepted; an index in use ends with result 2 and the old link stays.
  void open(at::Asker asker, std::string host, std::uint16_t port);
  bool close(at::Asker asker);
  bool connect(at::Asker asker, const Credentials& credentials);
  bool disconnect(at::Asker asker);
  std::optional<Refusal> subscribe(at::Asker asker, int msg_id,
                                   const std::vector<TopicFilter>& filters);
  std::optional<Refusal> unsubscribe(at::Asker asker, int msg_id,
                                     const std::vector<std::string>& topics);
  /// What stands against publish() now (asked before the prompt).
  [[nodiscard]] std::optional<Refusal> refuse_publish(int msg_id, int qos) const;
  /// Of qos 1 and 2.
  [[nodiscard]] std::size_t publishes_under_way() const;
  /// `urc` is the name under which the result is reported.
  std::optional<Refusal> publish(at::Asker asker, std::string_view urc, PublishRequest request);

  /// A timer that runs now.
  struct RunningTimer {
    TimerName name;
    int msg_id;  // of the packet that T1 is for; 0 where there is none
    at::Duration left;
  };
  [[nodiscard]] std::vector<RunningTimer> timers() const;

  /// Empties a slot of the receive buffer.
  std::optional<link_event::Message> take_message(std::size_t recv_id);
  /// One message as +QMTRECV shows it.
  [[nodiscard]] std::string show(const link_event::Message& message) const;

  /// The module restarts: everything ends without a word, settings are as from the factory.
  void reset();

  /// A result that is still to come is not said.
  void forget_results() { ground_.revoke(); }

 private:
  struct Operation {
    enum class Kind { subscribe, unsubscribe, publish };
    Kind kind{};
    at::Asker asker{};
    Ticket ticket = 0;
    std::string_view urc;
    int msg_id = 0;
    std::size_t topics = 0;  // of an UNSUBSCRIBE
    int qos = 0;             // of a PUBLISH; others count as 0
    bool has_id = true;      // false for a PUBLISH of qos 0
    at::Time not_before{};
    at::Time no_later{};
    bool answered = false;
    std::unique_ptr<Exchange> exchange{};
  };

  void on(LinkEvent event);
  void note(const LinkEvent& event);
  void note_answer(Operation& operation);
  void sent();
  void release_held();
  void flush_held();
  void apply_back_pressure();
  void handle(LinkEvent event);
  void on_event(const link_event::Negotiating& event);
  void on_event(const link_event::Opened& event);
  void on_event(const link_event::ConnAck& event);
  void on_event(const link_event::Sent& event);
  void on_event(const link_event::Acked& event);
  void on_event(const link_event::Received& event);
  void on_event(link_event::Message& event);
  void on_event(const link_event::Pong& event);
  void on_event(const link_event::Disconnected& event);
  void on_event(const link_event::Down& event);

  void open_in_vain(at::Duration delay, cellular::Knob result, const std::string& why);
  void finish_open(int result, std::string_view why);
  void finish_close(int result);
  void finish_disconnect(int result);
  void connect_unanswered();
  void connect_failed(Stat stat, const std::string& why);
  void go_down(Stat stat, const std::string& why);
  void bearer_lost();
  void enter(State state, std::string_view why);
  void end_everything();
  void tell(const LinkEvent& event) const;

  [[nodiscard]] Exchange::Policy policy() const;
  [[nodiscard]] ConnectRequest connect_request(const Credentials& credentials) const;
  void sign_in(ConnectRequest& request) const;
  [[nodiscard]] std::optional<Refusal> refuse_exchange(int msg_id, int qos = 0) const;
  [[nodiscard]] bool window_is_full(int qos) const;
  void begin(Operation operation);
  void retransmit(Ticket ticket, bool resends, int n);
  void gave_up(Ticket ticket);
  [[nodiscard]] std::vector<Operation>::iterator find(Ticket ticket);

  void start_t2();
  void ping();
  void await_pong(const std::string& asked_at);
  void ping_unanswered(const std::string& why);

  template <class... Values>
  [[nodiscard]] std::string line_of(std::string_view name, const Values&... values) const;
  template <class... Values>
  void say(std::string_view name, const Values&... values);
  template <class... Values>
  void answer(at::Asker asker, std::string_view name, const Values&... values);
  [[nodiscard]] std::int64_t whole_wait_s() const;
  [[nodiscard]] std::string clock() const;
  void log_info(const std::string& text) const;

  int client_idx_;
  ClientWorld& world_;
  Link& link_;
  Tracepoint tracepoint_;
  Config config_;
  Inbox inbox_;
  State state_ = State::idle;
  Endpoint endpoint_;
  Security security_;
  cellular::Lease lease_;  // on the context that the link was opened over
  at::Ground ground_;      // of results that come later; a reset revokes it

  at::Asker asker_{};      // of the open, connect, disconnect or close under way
  at::Time not_before_{};  // of the result of open, connect, disconnect or close
  at::Time no_later_{};
  at::Time last_sent_{};
  bool ends_session_ = false;         // disconnecting: DISCONNECT goes out, not only the link
  bool session_established_ = false;  // CONNACK 0 came, whether or not it is reported yet
  ClientTimer limit_;                 // of open, disconnect and close
  std::unique_ptr<Exchange> connecting_;
  std::vector<Operation> operations_;
  HeldEvents held_;
  at::Timer held_timer_;
  bool link_waits_ = false;  // it was told not to read
  ClientTimer t2_;
  ClientTimer pingresp_;
};

template <class... Values>
std::string Client::line_of(std::string_view name, const Values&... values) const {
  auto line = fmt::format("{}: {}", name, client_idx_);
  ((line += fmt::format(",{}", values)), ...);
  return line;
}

/// What nobody asked for.
template <class... Values>
void Client::say(std::string_view name, const Values&... values) {
  world_.announce.announce(line_of(name, values...));
}

/// The result of a command.
template <class... Values>
void Client::answer(at::Asker asker, std::string_view name, const Values&... values) {
  world_.announce.result(asker, line_of(name, values...));
}

}  // namespace mqtt_backend
