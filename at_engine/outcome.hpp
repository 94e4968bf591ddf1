// What a command handler returns: done (with information lines), an error, a prompt for data, or
// "later". Handlers never see the terminal; the terminal turns an Outcome into bytes.
#pragma once

#include "at_engine/ground.hpp"
#include "at_engine/online.hpp"
#include "at_engine/timeline.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace at {

class Outcome;

/// Error of the mobile equipment (27.007), shown as +CMEE says.
struct CmeError {
  int code;
};

/// Data entry after a command: what is said first, how much is wanted, and what follows.
struct Prompt {
  enum class Introduction { arrow, arrow_line, connect };
  enum class Ending {
    length,           // exactly `length` bytes, every byte value is data
    ctrl_z,           // 0x1A ends, ESC cancels, at most `length` bytes are kept
    length_or_plus,   // as length; "+++" between two silences of a second ends it early
    length_or_leave,  // as length_or_plus; so does a drop of DTR, as AT&D says
  };
  enum class TimeoutFrom { prompt, last_byte };
  enum class Echo { as_set, always, never };

  Introduction introduction = Introduction::arrow;
  Ending ending = Ending::length;
  Echo echo = Echo::as_set;
  std::size_t length = 0;
  std::optional<Duration> timeout{};
  TimeoutFrom timeout_from = TimeoutFrom::prompt;
  /// Here, as always behind CONNECT, an LF of a host that ends its lines in CR alone is data.
  bool begins_behind_prompt = false;
  std::size_t acknowledge_every = 0;  // so many bytes are answered with an 'A'; 0 = never
  std::function<Outcome(std::string data)> then;
  /// What the timeout ends with, given what came; ERROR when there is none.
  std::function<Outcome(std::string data)> expired{};
  /// What ESC ends with; OK when there is none.
  std::function<Outcome()> cancelled{};
};

/// Bytes as they are, ahead of the information lines and behind `announcement`; an empty one stands
/// for the result code CONNECT.
struct Download {
  std::string announcement;
  std::string bytes;
};

/// A command that answers later. Shared by the Pending that will answer it and the terminal that
/// waits; when the declared limit passes first, the terminal answers ERROR and waits no longer.
struct Later {
  std::function<void(const Outcome&)> settle{};  // set by the terminal while it waits
  /// Set where whatever the host sends meanwhile ends the command: called when that happens.
  std::function<void()> aborted{};

  void settle_with(const Outcome& outcome) {
    if (const auto waiting = std::exchange(settle, nullptr)) waiting(outcome);
  }
};

/// What is to happen once the whole line is answered, unless its ground is gone by then.
struct Deferred {
  Ground::Claim claim;
  std::function<void()> action;
};

class Outcome {
 public:
  enum class Kind {
    ok,
    error,
    no_carrier,
    cme,
    cms,
    prompt,
    later,
    online,
    resume,
    hang_up,
    final
  };

  static Outcome ok() { return Outcome(Kind::ok); }
  static Outcome ok(std::string line) {
    auto outcome = ok();
    outcome.lines_.push_back(std::move(line));
    return outcome;
  }
  static Outcome ok(std::vector<std::string> lines) {
    auto outcome = ok();
    outcome.lines_ = std::move(lines);
    return outcome;
  }
  static Outcome error() { return Outcome(Kind::error); }
  /// `why` is for onlookers, and of static storage.
  static Outcome error(std::string_view why) { return Outcome(Kind::error).because(why); }
  static Outcome no_carrier() { return Outcome(Kind::no_carrier); }
  static Outcome cme(int code) { return Outcome(Kind::cme, code); }
  static Outcome cms(int code) { return Outcome(Kind::cms, code); }
  /// A final result code of the command's own (SEND OK); the line ends with it.
  static Outcome final(std::string result) {
    auto outcome = Outcome(Kind::final);
    outcome.final_ = std::move(result);
    return outcome;
  }
  static Outcome prompt(Prompt prompt) {
    auto outcome = Outcome(Kind::prompt);
    outcome.prompt_ = std::make_shared<Prompt>(std::move(prompt));
    return outcome;
  }
  static Outcome later(std::shared_ptr<Later> later) {
    auto outcome = Outcome(Kind::later);
    outcome.later_ = std::move(later);
    return outcome;
  }

  /// CONNECT, and the channel belongs to `online` from then on.
  static Outcome online(std::shared_ptr<Online> online) {
    auto outcome = Outcome(Kind::online);
    outcome.online_ = std::move(online);
    return outcome;
  }
  /// Back to what is online on this channel; NO CARRIER when nothing is.
  static Outcome resume() { return Outcome(Kind::resume); }
  /// Ends what is online on this channel, if anything is; OK.
  static Outcome hang_up() { return Outcome(Kind::hang_up); }

  /// What was wrong with the line; for onlookers, and of static storage.
  Outcome because(std::string_view why) && {
    why_ = why;
    return std::move(*this);
  }

  /// Adds information lines; those of an error stand before its result.
  Outcome with(std::string line) && {
    lines_.push_back(std::move(line));
    return std::move(*this);
  }

  /// Adds the content of a file.
  Outcome with(Download download) && {
    download_ = std::make_shared<Download>(std::move(download));
    return std::move(*this);
  }

  /// Adds what is to happen once the whole line is answered (a reset, a new baud rate). `action`
  /// carries values; a reset of the channel cancels it, and so does the loss of its ground.
  Outcome afterwards(Ground::Claim claim, std::function<void()> action) && {
    deferred_ = std::make_shared<Deferred>(Deferred{std::move(claim), std::move(action)});
    return std::move(*this);
  }

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] int code() const { return code_; }
  [[nodiscard]] std::string_view why() const { return why_; }
  [[nodiscard]] const std::string& final_text() const { return final_; }
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  [[nodiscard]] const std::shared_ptr<Download>& download() const { return download_; }
  [[nodiscard]] const std::shared_ptr<Prompt>& prompt() const { return prompt_; }
  [[nodiscard]] const std::shared_ptr<Later>& later() const { return later_; }
  [[nodiscard]] const std::shared_ptr<Online>& online() const { return online_; }
  [[nodiscard]] const std::shared_ptr<Deferred>& deferred() const { return deferred_; }

 private:
  explicit Outcome(Kind kind, int code = 0) : kind_(kind), code_(code) {}

  Kind kind_;
  int code_;
  std::string_view why_{};
  std::string final_{};
  std::vector<std::string> lines_{};
  std::shared_ptr<Download> download_{};
  std::shared_ptr<Prompt> prompt_{};
  std::shared_ptr<Later> later_{};
  std::shared_ptr<Online> online_{};
  std::shared_ptr<Deferred> deferred_{};
};

}  // namespace at
