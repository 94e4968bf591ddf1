// A host at the serial port that does anything a host may do, and reads every byte of the answer by
// itself: echo, responses, prompts, URCs, and nothing else (GRAM-2, 3, 9, 10). It knows what each
// command must answer in the state that the Ledger tells.
#pragma once

#include "tests/sim/broker.hpp"
#include "tests/sim/dice.hpp"
#include "tests/sim/ledger.hpp"
#include "tests/sim/setup.hpp"
#include "tests/sim/world.hpp"

#include <array>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sim {

class Host {
 public:
  /// `instant`: results may follow their OK at once.
  Host(World& world, Dice& dice, Ledger& ledger, bool instant);

  /// Sends something, or waits. All that the module has said has been read.
  void act();
  /// When to act again.
  at::Duration pause();
  /// Reads all that the module has said.
  void read();
  /// What must hold when the module has nothing more to say at this instant.
  void check();

  [[nodiscard]] const Setup& setup(int index) const { return setups_.at(at(index)); }
  /// The broker has sent a message.
  void expect(int index, const mqtt_backend::link_event::Message& message);

  /// A fault strikes: what it excuses.
  void struck(const emulator::faults::Fault& fault);

  /// True while the module is off, executes, or waits for data.
  [[nodiscard]] bool busy() const { return off_ || !items_.empty(); }
  /// The module went down so long ago that nothing of before is left, not even a timer whose action
  /// is void.
  [[nodiscard]] bool settled() const {
    return world_.timeline.now() >= struck_down_ + std::chrono::seconds(5);
  }
  [[nodiscard]] std::uint64_t hash() const { return hash_; }
  [[nodiscard]] std::uint64_t commands() const { return commands_; }
  [[nodiscard]] bool off() const { return off_; }
  [[nodiscard]] std::uint64_t restarts() const { return restarts_; }
  /// All that the module does has been told: no line is in the way.
  [[nodiscard]] bool told() const { return !off_ && items_.empty(); }
  /// The radio is on, and nothing was said that might change that.
  [[nodiscard]] bool radio_settled() const {
    return !off_ && level_ == 1 && !changes_radio() && world_.timeline.now() >= network_lost_until_;
  }

  /// What asks about the clients and changes nothing, for whoever may ask, without CR.
  struct Question {
    std::string line;
    std::string info;  // the response, exactly, in words
  };
  /// Nothing while the module is off, or does what it has not told yet.
  [[nodiscard]] std::optional<Question> question();

  /// The last lines of the session, oldest first, when recording is on.
  [[nodiscard]] const std::deque<std::string>& session() const { return session_; }
  void record(bool on) { recording_ = on; }
  void note(std::string line);

 private:
  enum class May { no, yes, unknown };
  enum class Stage { echo, response, data };
  struct Item {
    std::string noise{};  // before "AT"
    std::string line{};   // "AT...", CR included
    std::string data{};   // payload that follows a prompt
    std::string surplus{};
    bool at_once = false;  // the payload goes out with the line
    bool first = true;     // sent whole to an idle module: its answer can be foretold
    bool whole = true;
    bool slow = false;                  // its result may come later
    std::optional<std::string> info{};  // the response, exactly
    int read_client = -1;               // of a QMTRECV read
    int read_slot = -1;                 // -1: all
    std::function<May()> may{};         // whether it must be accepted
    std::function<void()> accepted{};
    bool prompts = false;
    bool error_expected_after_data = false;
    int client = -1;
    // progress
    std::size_t line_sent = 0;
    std::size_t data_sent = 0;
    bool noise_echoed = false;
    std::size_t echoed = 0;
    std::size_t data_echoed = 0;
    Stage stage = Stage::echo;
    at::Time prompted{};
  };
  /// An answer in place of a command's own.
  struct Instead {
    std::uint64_t from = 0;  // which byte of all that the module says it stands behind
    std::string text{};      // empty: an ERROR of any kind
  };
  struct Inbox {
    std::array<bool, 5> slots{};
    std::deque<std::string> unread{};  // as QMTRECV must print them
    std::size_t certain = 0;           // messages for which a URC must come
    std::size_t announced = 0;
  };

  static std::size_t at(int index) { return static_cast<std::size_t>(index); }

  // what to do
  void continue_item();
  void continue_data(Item& item);
  void begin();
  void begin_partial();
  void begin_burst();
  void flood();
  void submit(std::vector<Item> items);
  void send(const std::string& bytes);
  Item any_command(bool alone);
  Item goal_of(int index);
  Item open(int index);
  Item operation(Kind kind, int index, std::string line, int msg_id = 0, int qos = 0);
  Item subscription(int index);
  Item publish(int index, int qos);
  Item read_messages(int index);
  Item setting(int index);
  Item query(int index);
  Item bad_command();
  Item channel_command();
  Item device_command();
  void restarted();

  // reading
  bool read_one();
  bool read_item(Item& item);
  bool read_echo(Item& item);
  bool read_response(Item& item);
  bool read_data(Item& item);
  void read_urc();
  void finish(bool ok);
  void expect_strays(std::string_view bytes);
  bool read_strays();
  bool read_noise(Item& item);
  void message_urc(int index, std::string_view rest);
  [[nodiscard]] bool take(std::string_view text);
  [[nodiscard]] std::string_view rest() const { return std::string_view(buffer_).substr(at_); }
  [[nodiscard]] bool begun(const Item& item) const;
  [[nodiscard]] bool changes_radio() const { return !items_.empty() && items_.front().slow; }
  void read_stored(Item& item);
  void forget_messages(int index);
  bool read_instead();
  [[nodiscard]] bool is_failure() const {
    return rest().substr(0, 9) == "\r\nERROR\r\n" || rest().substr(0, 14) == "\r\n+CME ERROR: ";
  }

  World& world_;
  Dice& dice_;
  Ledger& ledger_;
  bool instant_;
  std::array<Setup, Ledger::clients> setups_{};
  std::array<Inbox, Ledger::clients> inboxes_{};
  std::array<std::deque<std::string>, Ledger::clients> due_{};  // URCs of recv/mode 0
  std::deque<Item> items_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::deque<Instead> instead_;  // of commands that a fault answers
  bool contexts_lost_ = false;   // by a fault
  at::Time network_lost_until_{};
  at::Time struck_down_{};  // by a fault
  bool echo_ = true;
  bool off_ = false;
  std::string strays_;      // echo of bytes that belong to no line
  bool behind_cr_ = false;  // an LF would belong to the CR before it
  int level_ = 1;
  std::vector<std::function<void()>> deferred_;
  std::array<std::string, Ledger::clients> endpoints_{};
  std::optional<int> explained_;  // the client whose loss explains an ERROR after data
  int explained_generation_ = 0;
  std::uint64_t hash_ = 14695981039346656037U;
  std::uint64_t commands_ = 0;
  std::uint64_t restarts_ = 0;
  at::Time data_ended_{};
  int last_id_ = 0;
  bool recording_ = false;
  std::deque<std::string> session_;
};

}  // namespace sim
