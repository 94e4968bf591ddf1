// The messages of one modem: which is due, the prompt and payload of the one that is being typed,
// those whose result URC is still to come, and those on their way back. Owned by the Host, which
// tells it what the modem says and when the link is there.
#pragma once

#include "storm/core/answer.hpp"
#include "storm/core/dice.hpp"
#include "storm/core/ledger.hpp"
#include "storm/core/plan.hpp"
#include "storm/core/tally.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storm {

class Publisher {
 public:
  using Write = std::function<void(std::string_view)>;

  /// Messages without a result yet. The module takes no more than five of qos 1 and 2.
  static constexpr std::size_t max_in_flight = 5;
  /// For the prompt, and for the OK behind the payload.
  static constexpr Time reply_limit = std::chrono::seconds(15);
  /// For the result: the module's own patience (some resends, twice for qos 2), and then some.
  static constexpr Time result_limit = std::chrono::seconds(60);
  /// So many ERRORs one after the other mean that there is no link, whatever the module said.
  static constexpr unsigned max_refusals = 5;

  Publisher(const Plan& plan, unsigned modem, Tally& tally, Dice& dice, Write write);

  /// The link can be used: the first message is due within an interval.
  void begin(Time now);
  /// No further messages.
  void stop() { running_ = false; }
  /// The link is gone: what is under way has failed.
  void cut();
  /// Nothing comes any more.
  void close();

  /// What the modem says; what does not belong to a message under way is passed over.
  void prompt(Time now);
  void replied(bool ok, Time now);
  void result(const Answer& answer, Time now);
  void received(const Answer& answer, Time now);

  /// Sends what is due.
  void tick(Time now);
  [[nodiscard]] std::optional<Time> deadline() const;

  /// A command without its OK or ERROR.
  [[nodiscard]] bool is_typing() const { return turn_ != Turn::idle; }
  /// It has been without for too long.
  [[nodiscard]] bool is_unanswered(Time now) const { return is_typing() && now >= reply_by_; }
  [[nodiscard]] bool is_refused() const { return refusals_ >= max_refusals; }
  /// Everything has its result, and whatever can come back has.
  [[nodiscard]] bool is_settled() const;

  [[nodiscard]] const std::string& topic() const { return topic_; }

 private:
  enum class Turn : std::uint8_t { idle, prompt, reply };
  struct InFlight {
    std::uint32_t sequence = 0;
    std::uint16_t id = 0;
    Time began{};
  };

  void fail_all();
  void start(Time now);
  void plan_next(Time now);
  void expire(Time now);
  std::uint16_t next_id();
  void take_losses(const Ledger::Losses& losses);

  const Plan& plan_;
  Tally& tally_;
  Dice& dice_;
  Write write_;
  std::string topic_;
  Ledger ledger_;
  std::vector<InFlight> in_flight_;
  bool running_ = false;
  Turn turn_ = Turn::idle;
  unsigned refusals_ = 0;
  std::uint16_t last_id_ = 0;
  std::uint32_t last_sequence_ = 0;
  Time due_{};
  Time began_{};     // of the message that is being typed
  Time reply_by_{};  // for it
};

}  // namespace storm
