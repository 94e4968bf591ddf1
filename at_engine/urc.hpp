// Unsolicited result codes: their declarations, and the bounded queue in which lines wait until
// they may be said (GRAM-10). A queue is owned by each Terminal, and one by the device's UrcPort.
#pragma once

#include "at_engine/call.hpp"
#include "at_engine/ground.hpp"
#include "at_engine/log.hpp"
#include "at_engine/reply.hpp"
#include "at_engine/timeline.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace at {

/// One URC as the manual lists it.
struct Urc {
  std::string_view name;    // "+QMTSTAT"
  std::string_view params;  // "<client_idx>,<err_code>"
  std::string_view section;
  std::string_view summary;
};

/// A line whose text is made when it is said, and once, however many say it: what it tells of stays
/// with its family until then. Empty: there is nothing to say any more.
class LateLine {
 public:
  explicit LateLine(std::function<std::string()> make) : make_(std::move(make)) {}

  [[nodiscard]] const std::string& text() {
    if (make_) text_ = std::exchange(make_, nullptr)();
    return text_;
  }

 private:
  std::function<std::string()> make_;
  std::string text_;
};

/// Where the families say what does not come as the answer to a command line. Lines are without
/// framing, and reach the host when its terminal is idle, in order.
class Announce {
 public:
  virtual ~Announce() = default;

  /// What nobody asked for: goes to the URC port.
  virtual void announce(std::string line) = 0;

  /// As announce(), of a line that is made when it is said. `headline` tells its kind before.
  virtual void announce_late(std::string /*headline*/, std::shared_ptr<LateLine> line) {
    if (!line->text().empty()) announce(line->text());
  }

  /// The result of a command that was answered with OK before: goes to who gave the command.
  virtual void result(Asker, std::string line) { announce(std::move(line)); }

  /// As result(), or as announce() where `asker` is nobody, of a line that is not said once that
  /// its ground is gone.
  virtual void announce_while(const Ground::Claim& claim, Asker asker, std::string line) {
    if (claim.holds()) result(asker, std::move(line));
  }
};

/// Says the lines of something that may end before they are said: then they are not. Owned by what
/// they tell of.
class Speaker {
 public:
  explicit Speaker(Announce& announce) : announce_(announce) {}

  void urc(std::string line) { announce_.announce_while(ground_.claim(), {}, std::move(line)); }
  void result(Asker asker, std::string line) {
    announce_.announce_while(ground_.claim(), asker, std::move(line));
  }

  /// Holds until it falls silent.
  [[nodiscard]] Ground::Claim claim() const { return ground_.claim(); }

  /// Nothing that still waits is said.
  void fall_silent() { ground_.revoke(); }

 private:
  Announce& announce_;
  Ground ground_;
};

/// A line that waits: until when at least, and whose result it is, if anybody's.
struct WaitingLine {
  std::string text;
  Time due{};
  Asker asker{};
  std::shared_ptr<LateLine> late{};  // instead of the text
  std::optional<Ground::Claim> claim{};
  std::optional<Result> result{};  // it is a result code, which the text names for the log

  [[nodiscard]] bool stale() const { return claim && !claim->holds(); }
};

class UrcQueue {
 public:
  static constexpr std::size_t max_lines = 8192;
  static constexpr std::size_t max_bytes = std::size_t{16} << 20U;

  /// `name` is the queue's in the log.
  UrcQueue(Log& log, std::string name) : log_(log), name_(std::move(name)) {}

  /// When it is full the line is dropped and counted; the log has one line when that begins, and
  /// one with their number when the queue is empty again.
  void push(WaitingLine line);

  [[nodiscard]] bool empty() const { return lines_.empty(); }
  [[nodiscard]] std::size_t size() const { return lines_.size(); }
  [[nodiscard]] const WaitingLine& front() const { return lines_.front(); }
  WaitingLine pop();
  void clear();

  /// The most lines that ever waited.
  [[nodiscard]] std::size_t most() const { return most_; }

  /// Lines dropped since it was made.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  void end_episode();

  Log& log_;
  std::string name_;
  std::deque<WaitingLine> lines_;
  std::size_t bytes_ = 0;
  std::size_t most_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t dropped_before_ = 0;  // when the last episode was over
};

}  // namespace at
