// The scripted host of one modem, in virtual time: opens the port, has the module connect and
// subscribe, publishes by its Publisher, and begins again with back-off wherever that comes to an
// end. Never waits for an answer for ever. Owned by whoever runs the fleet, who tells it what the
// port does and calls tick() at its deadline().
#pragma once

#include "storm/core/answer.hpp"
#include "storm/core/backoff.hpp"
#include "storm/core/host_port.hpp"
#include "storm/core/line_splitter.hpp"
#include "storm/core/publisher.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace storm {

class Host {
 public:
  /// For OK or ERROR.
  static constexpr Time reply_limit = Publisher::reply_limit;
  /// A module that starts hears nothing: ATE0 is typed again at this interval, so often.
  static constexpr Time wake_interval = std::chrono::seconds(1);
  static constexpr int max_wakings = 20;
  /// When it was typed more than once: for further OKs, so that none of them is taken for
  /// another's.
  static constexpr Time settling = std::chrono::milliseconds(300);
  /// For a port to open.
  static constexpr Time port_limit = std::chrono::seconds(10);
  /// For results, above the module's own limits of 120 s and of resends.
  static constexpr Time open_limit = std::chrono::seconds(125);
  static constexpr Time connect_limit = std::chrono::seconds(60);
  static constexpr Time disconnect_limit = std::chrono::seconds(35);
  static constexpr Time close_limit = std::chrono::seconds(15);
  /// At the end: for messages on their way.
  static constexpr Time drain_limit = std::chrono::seconds(5);

  struct Place {
    std::size_t slot = 0;  // in the Tally
    unsigned modem = 0;    // its N in client and topic
    Time start{};          // when it opens its port
    std::uint32_t seed = 1;
  };

  Host(const Plan& plan, const Place& place, HostPort& port, Tally& tally);
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  void port_opened(Time now);
  /// Also when it could not be opened.
  void port_closed(Time now);
  void heard(std::string_view bytes, Time now);

  /// Does what is due by now.
  void tick(Time now);
  /// When it next wants to be called. Nothing once it is done, or as long as it waits for the port
  /// alone.
  [[nodiscard]] std::optional<Time> deadline() const;

  /// Sends nothing more, waits for what is on its way, disconnects and closes.
  void finish(Time now);
  /// Is done at once.
  void abandon();
  [[nodiscard]] bool is_done() const { return step_ == Step::done; }
  [[nodiscard]] bool is_connected() const { return step_ == Step::publishing; }

 private:
  enum class Step : std::uint8_t {
    waiting,  // until it opens its port
    opening_port,
    waking,       // ATE0
    settling,     // see above
    configuring,  // AT+QMTCFG
    resting,      // until the next attempt to connect
    opening,      // AT+QMTOPEN
    connecting,   // AT+QMTCONN
    subscribing,  // AT+QMTSUB
    publishing,
    disconnecting,  // AT+QMTDISC
    clearing,       // AT+QMTCLOSE, so that the next open finds the client free
    done
  };
  /// Of the step's result URC.
  enum class Outcome : std::uint8_t {
    none,
    good,
    bad,   // the module's client is free again
    stuck  // it may not be
  };

  // What the module says: host_hearing.cpp.
  void handle(const Token& token, Time now);
  void handle(const Answer& answer, Time now);
  void replied(bool ok, Time now);
  void concluded(Step step, Outcome outcome, Time now);
  void status(int code, Time now);
  void restarted(Time now);
  [[nodiscard]] static Outcome outcome_of(const Answer& answer);

  // The way from step to step: host.cpp.
  void advance(Time now);
  void enter(Step step, Time limit);
  void type(Step step, std::string_view command, Time now, Time limit);
  void wake(Time now);
  void awake(Time now);
  void open(Time now);
  void connect(Time now);
  void subscribe(Time now);
  void publish(Time now);
  void watch_publishing(Time now);
  void disconnect(Time now);
  void clear(Time now);
  void rest(Time now);
  void wait(Time now);
  void end();

  void tick_waking(Time now);
  void tick_command(Time now);
  void lose_link(Time now);
  void drop_port(Time now);
  void count_failure();

  const Plan& plan_;
  const Place place_;
  HostPort& port_;
  Tally& tally_;
  Dice dice_;
  Backoff backoff_;
  LineSplitter splitter_;
  Publisher publisher_;

  Step step_ = Step::waiting;
  Time limit_;       // of the step
  Time reply_by_{};  // of its command, while a reply is due
  bool reply_due_ = false;
  Outcome outcome_ = Outcome::none;
  bool link_down_ = false;  // +QMTSTAT came while a reply was due
  bool finishing_ = false;
  int wakings_ = 0;
  Time opened_at_{};          // AT+QMTOPEN was typed
  unsigned port_number_ = 0;  // grows when the port closes
};

}  // namespace storm
