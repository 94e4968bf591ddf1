// What a host may count on, kept as a book of its own: the state of the six clients as their result
// codes tell it, and every operation that was accepted until its one result. Throws Violation when
// the module says what it must not, or says it late. Knows the statements, not the product's code.
#pragma once

#include "at_engine/timeline.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

class Violation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class Kind { open, occupied, close, connect, disconnect, subscribe, unsubscribe, publish };
enum class Phase { idle, opening, open, connecting, connected, disconnecting, closing };

class Ledger {
 public:
  static constexpr std::size_t clients = 6;
  static constexpr std::size_t window = 5;
  static constexpr std::size_t exchanges = 64;

  struct Pending {
    Kind kind{};
    int msg_id = 0;
    int qos = 0;
    at::Time accepted{};
    at::Time due{};
    int notices = 0;
  };
  struct Client {
    Phase phase = Phase::idle;
    std::vector<Pending> pending{};
    int pkt_timeout = 5;
    int retry_times = 3;
    bool notice = false;
    std::string owed_stats{};       // codes of which one must be the next +QMTSTAT
    int generation = 0;             // counts the times it became idle
    at::Time excused_until{};       // its link is lost: what is due ends with a +QMTSTAT
    bool failed_elsewhere = false;  // what another channel asked for: +QMTSTAT 6 must come here
  };

  [[nodiscard]] const Client& client(int index) const { return clients_.at(at(index)); }
  void set_timeout(int index, int pkt_timeout, int retry_times, bool notice);

  /// Whether the statements accept the operation now.
  [[nodiscard]] bool allows(Kind kind, int index, int msg_id = 0, int qos = 0) const;

  /// The module answered OK.
  void accepted(Kind kind, int index, int msg_id, int qos, at::Time now);

  /// An exchange that another channel asked for has failed.
  void failed_elsewhere(int index) { clients_.at(at(index)).failed_elsewhere = true; }

  /// A link is lost: with a latency, what came before it is told first.
  void link_lost(int index, at::Time now) {
    constexpr at::Duration most_latency = std::chrono::seconds(3);
    clients_.at(at(index)).excused_until = now + most_latency;
  }

  /// One URC line without framing. True when it was one of those that end or report an operation.
  bool said(std::string_view line, at::Time now);

  /// Nothing that was promised may be overdue. Ask only when the module may speak.
  void check(at::Time now) const;

  /// No client has a link, and nothing is owed.
  [[nodiscard]] bool idle() const;

  /// The module restarted: everything ended without a word.
  void restart() { clients_ = {}; }

  /// Results that came, a kind.
  [[nodiscard]] std::size_t results() const { return results_; }

 private:
  static std::size_t at(int index) { return static_cast<std::size_t>(index); }
  using Fields = std::vector<int>;
  void open_result(Client& client, const Fields& fields, at::Time now);
  void connect_result(Client& client, const Fields& fields);
  void ended(Client& client, Kind kind, int result);
  void exchange_result(Client& client, Kind kind, const Fields& fields);
  void status(Client& client, const Fields& fields);
  static void notice(Client& client, Pending& operation, int n);
  static std::vector<Pending>::iterator find(Client& client, Kind kind, int msg_id = 0);
  static void become_idle(Client& client);

  std::array<Client, clients> clients_{};
  std::size_t results_ = 0;
};

}  // namespace sim
