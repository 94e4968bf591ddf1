// One AT channel: bytes of the host in, bytes of the module out. It alone writes to its port, one
// write for each atomic unit, so nothing can interleave; URCs wait until it is idle (GRAM-1 to 11).
// Owned by the Modem.
#pragma once

#include "at_engine/channel.hpp"
#include "at_engine/entry.hpp"
#include "at_engine/interceptor.hpp"
#include "at_engine/line.hpp"
#include "at_engine/log.hpp"
#include "at_engine/memo.hpp"
#include "at_engine/observer.hpp"
#include "at_engine/outcome.hpp"
#include "at_engine/port.hpp"
#include "at_engine/registry.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace at {

class Terminal : public Announce, private OnlineChannel {
 public:
  /// Most input that waits while a command runs; lines that do not fit answer one ERROR.
  static constexpr std::size_t max_waiting_input = 8192;
  /// Bytes of answers past which a line runs no further command, and fails.
  static constexpr std::size_t max_reply = std::size_t{1} << 20U;

  /// `asker` is this channel's number; `observer` and `interceptor` may be null.
  Terminal(Timeline& timeline, Port& port, Log& log, const Registry& registry, Asker asker,
           Observer* observer = nullptr, Interceptor* interceptor = nullptr);
  ~Terminal() override { stop_waiting(); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  [[nodiscard]] Channel& channel() { return channel_; }
  [[nodiscard]] Asker asker() const { return asker_; }

  /// `family` answers its commands here; it must outlive this terminal.
  template <class Family>
  void bind(Family& family) {
    families_.bind(family);
  }

  /// Bytes from the host, in any pieces.
  void receive(std::string_view bytes);

  void announce(std::string line) override;
  void announce_late(std::string headline, std::shared_ptr<LateLine> line) override;
  void announce_while(const Ground::Claim& claim, Asker asker, std::string line) override;

  /// The host closed the port: a line it had begun is forgotten, everything else stays; a data mode
  /// is left if `leaves_data_mode` says so.
  void host_left(bool leaves_data_mode = false);

  /// The port has taken all that was written.
  void drained() {
    if (mode_ == Mode::online) std::shared_ptr(online_)->drained();
  }

  /// The host has dropped DTR, or raised it again: what a drop does is set by AT&D.
  void dtr(bool on);

  /// The host's DTR, as it was last seen.
  [[nodiscard]] bool host_dtr() const { return dtr_; }

  /// `asleep` is asked before bytes are heard, and while it says so they are lost. Set once.
  void deaf_while(std::function<bool()> asleep) { asleep_ = std::move(asleep); }

  /// The ring indicator is active or not.
  void ring(bool active);
  [[nodiscard]] const ModemLines& lines() const { return lines_; }

  /// &C, or what it depends on, has changed.
  void update_lines();

  /// As after power-on: nothing begun, nothing waiting. The channel's settings are the caller's.
  void reset();

  /// A terminal without power neither listens nor speaks.
  void power(bool on);

  /// True while the channel belongs to somebody online.
  [[nodiscard]] bool is_online() const { return mode_ == Mode::online; }

  /// "command", "executing", "data" or "online".
  [[nodiscard]] std::string_view mode_name() const;
  /// The line that the host has begun, without AT.
  [[nodiscard]] std::string line_begun() const {
    return line_.begun() ? line_.text() : std::string();
  }
  [[nodiscard]] std::size_t waiting_urcs() const { return urcs_.size(); }
  [[nodiscard]] std::size_t most_waiting_urcs() const { return urcs_.most(); }
  [[nodiscard]] const Channel& channel() const { return channel_; }

  [[nodiscard]] bool idle() const { return mode_ == Mode::idle && !line_.begun(); }
  /// No command runs and no data is awaited, whatever line has begun.
  [[nodiscard]] bool at_rest() const { return mode_ == Mode::idle; }
  [[nodiscard]] bool powered() const { return powered_; }

  /// What is under way on the channel, if anything is.
  [[nodiscard]] std::optional<std::string> busy() const;
  /// What outlasts a line; the channel's settings are the caller's. Only while nothing is under
  /// way.
  void snapshot(Memo& memo);

 private:
  enum class Mode { idle, executing, entering, online };

  void drain();
  void take(char byte);
  std::size_t take_plain(std::string_view bytes);
  [[nodiscard]] bool belongs_to_line_end(char byte);
  void take_line_byte(char byte);
  void take_data_byte(char byte);
  void run_line(const std::string& body);
  void run_calls();
  [[nodiscard]] bool intercept(const ParsedCall& call);
  void settle(const Outcome& outcome);
  bool advance(const Outcome& outcome);
  [[nodiscard]] std::string result_of(const Outcome& outcome) const;
  void wait_for(std::shared_ptr<Later> later);
  void stop_waiting();
  void download(const Download& download);
  void ask(std::shared_ptr<Prompt> prompt);
  void watch_entry();
  void drop_entry();
  void watch_prompt();
  void entry_expired();
  void entry_done(const Outcome& outcome);
  void end_line(const std::string& result);
  void limit_waiting_input();
  void answer_overflow();
  void push(WaitingLine line);
  void release_urcs();
  void emit_reply(const std::string& result, bool asks_for_data = false);
  void emit_prompt();
  void emit(std::string_view unit, const Event& event);
  void flush_echo();
  void tell(const Event& event);

  void go_online(const std::shared_ptr<Online>& online);
  void take_online(std::string_view bytes);
  void suspend();
  void resume();
  void hang_up();
  void break_off();
  void port_closed();
  void leave_online();
  void transmit(std::string_view bytes) override;
  [[nodiscard]] std::size_t room() const override { return port_.room(); }
  void hold(bool held) override;
  void carrier_lost() override;
  void finish(const Outcome& result) override;
  void leave(std::string_view rest) override;

  Timeline& timeline_;
  Port& port_;
  Log& log_;
  Asker asker_;
  Observer* observer_;
  Interceptor* interceptor_;
  Channel channel_;
  Families families_;
  Line line_;
  UrcQueue urcs_;

  Mode mode_ = Mode::idle;
  bool powered_ = true;
  bool draining_ = false;
  bool swallow_lf_ = false;
  bool ends_in_cr_ = false;  // no LF stood behind the CR of the line before
  Time line_ended_at_{};
  bool overflowed_ = false;
  std::string input_;
  std::size_t kept_input_ = 0;
  std::string echo_;
  std::string last_line_;

  ParsedLine calls_;
  std::size_t next_call_ = 0;
  std::string reply_;
  event::FileSpans files_in_reply_;
  std::vector<std::shared_ptr<Deferred>> deferred_;
  std::optional<Entry> entry_;
  std::shared_ptr<Online> online_;  // while a connection lasts, suspended or not
  std::optional<Escape> escape_;
  std::string held_pluses_;
  bool holds_host_ = false;
  ModemLines lines_;
  bool dtr_ = true;
  std::function<bool()> asleep_;
  Timer watchdog_;
  Timer escape_guard_;              // of an entry that "+++" may have ended
  Duration limit_ = default_limit;  // of the command that runs
  std::shared_ptr<Later> waiting_;
  std::size_t line_bytes_ = 0;
  std::string heard_;  // taken in since an observer was last told
};

}  // namespace at
