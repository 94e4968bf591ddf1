// Plays one case against the unit in real time and judges it. The stage of transcript::Player at a
// real port: bytes must come in the time that the note grants, `wait` is measured from what came
// last, `link` is the suite's own broker, `peer` another client at mosquitto.
#pragma once

#include "conformance/run/bench.hpp"
#include "conformance/run/catalogue.hpp"
#include "conformance/run/mux_frame.hpp"
#include "conformance/run/patience.hpp"
#include "conformance/run/profile.hpp"
#include "conformance/run/unit.hpp"
#include "conformance/run/verdict.hpp"
#include "conformance/transcript/player.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace conformance {

class CasePlayer : private transcript::Player {
 public:
  /// For URCs of which the note says no time, and for requests to a broker.
  static constexpr std::chrono::seconds usual_patience{5};

  /// Most data in a frame of a unit that was told nothing else.
  static constexpr std::size_t usual_n1 = 127;

  struct Setting {
    Loop& loop;
    Bench& bench;
    const Catalogue& catalogue;
    const Profile& profile;
    PortSpec port;
    double timeout_scale = 1;  // for every limit and tolerance; not for what timers of MQTT last
    bool lenient = false;      // a difference is noted and the case goes on
    bool quick = false;        // see Patience
  };

  explicit CasePlayer(Setting setting);

  /// Opens the port and brings the unit to where a case begins: it answers, without echo. Throws
  /// PortGone when it does not answer.
  void begin();

  /// On the bench as next_case() left it. Never throws but PortGone (with result() still valid) and
  /// Interrupted.
  CaseResult play(const transcript::Case& which);
  [[nodiscard]] const CaseResult& result() const { return result_; }

  /// Clears away what a case left: data entry, open clients, settings. Throws PortGone when the
  /// unit does not answer any more.
  void clean_up();

  /// What ATI says, in one line.
  std::string identity();

  [[nodiscard]] const Patience& patience() const { return patience_; }

 private:
  /// When something that a timer of the unit brings about must be seen.
  struct Window {
    Time earliest;
    Time nominal;
    Time latest;
  };

  void send(const transcript::Step& step, const std::string& bytes) override;
  void expect(const transcript::Step& step, const std::string& bytes) override;
  void expect_among(const transcript::Step& step, const std::string& bytes) override;
  void expect_within(const transcript::Step& step, transcript::Duration limit,
                     const std::string& bytes) override;
  void pass(const transcript::Step& step, transcript::Duration time) override;
  void nothing_said(const transcript::Step& step) override;
  void nothing_left(const transcript::Step& step) override;
  bool play_other(const transcript::Step& step) override;

  void start(const transcript::Case& which);
  void play_step(transcript::Step step);
  /// `bytes` go out; they bring the unit what `meaning` says.
  void transmit(const transcript::Step& step, const std::string& bytes, const std::string& meaning);
  bool applies(const transcript::Case& which);
  void judge(const transcript::Step& step);
  [[noreturn]] void differ(const transcript::Step& step, const std::string& expected,
                           const std::string& got);
  [[noreturn]] void miss(const transcript::Step& step, const Wait& wait,
                         const std::string& expected, const std::string& got);
  void hear(const transcript::Step& step, const std::string& bytes, const Wait& wait);
  void wait_for_bytes(Time deadline, const std::function<bool()>& decided);
  void take(const transcript::Step& step, std::size_t offset, const std::string& bytes);
  [[nodiscard]] Wait wait_for(const std::string& bytes) const;
  [[nodiscard]] Wait usual_wait(const std::string& what) const;
  /// `bytes` came: in time, and what was asked last is answered.
  void heard_in_time(const transcript::Step& step, const std::string& bytes, Time first, Time last);
  void in_time(const transcript::Step& step, Time at, const std::string& what);
  void reach_due(const transcript::Step& step);
  void measure(const transcript::Step& step, const std::string& bytes, Time at);
  void sample(const transcript::Step& step, const std::string& command, bool is_result,
              Clock::duration measured);

  bool came(const Wait& wait, const std::function<bool()>& condition);
  void link(const transcript::Step& step);
  void link_says(const transcript::Step& step, const std::vector<std::string>& words);
  std::shared_ptr<Link> link_of(const transcript::Step& step);
  void socket(const transcript::Step& step);
  void far_end_hears(const transcript::Step& step, FarLine& line, const std::string& bytes,
                     const Wait& wait);
  std::shared_ptr<FarLine> far_line_of(const transcript::Step& step);
  void peer(const transcript::Step& step);
  void dlci(const transcript::Step& step);
  void open_dlci(const transcript::Step& step, int dlci);
  void take_status(const transcript::Step& step, int dlci);
  void close_dlci(const transcript::Step& step, int dlci);
  void reset_on(const transcript::Step& step, int dlci);
  void hear_on(const transcript::Step& step, int dlci, const std::string& bytes);
  void drop_heard_aside();
  mux::Heard next_frame(const transcript::Step& step, const Wait& wait, Time deadline,
                        const std::string& expected);
  void repeat(const transcript::Step& step);
  void reset(const transcript::Step& step);

  void open();
  void set_aside();
  bool answers(Clock::duration limit);
  std::string command(const std::string& line, Clock::duration limit, bool judged = false);
  void await_boot();
  void leave_multiplexer();
  void close_clients();
  void close_sockets();
  void restore_settings();
  void note(Speaker who, const std::string& text);
  [[nodiscard]] Clock::duration scaled(std::chrono::milliseconds limit) const;

  Setting s_;
  std::unique_ptr<Unit> unit_;
  Patience patience_;
  CaseResult result_;
  Time start_{};
  Time reference_{};  // when the last thing happened that a `wait` counts from
  std::optional<Window> due_;
  bool cut_short_ = false;  // what did not come was not waited for as long as it may take
  std::string command_;     // whose final result code is awaited
  Time sent_at_{};
  std::map<std::string, Time> awaited_;  // commands whose result URC is awaited, since their OK
  std::map<std::size_t, std::shared_ptr<Link>> links_;
  std::map<std::string, std::shared_ptr<FarLine>> far_lines_;  // by the word of their steps
  std::map<int, std::string> heard_;  // by DLCI: what was said there and not expected yet
  std::size_t most_data_ = usual_n1;  // in a frame of the unit
  Time arrived_{};                    // the frame that was taken last
  bool multiplexed_ = false;          // the case went into a multiplexer
  bool opened_sockets_ = false;
  std::set<std::string> touched_;  // settings that the case changed: "timeout",0
  std::vector<std::string> finally_;
  int line_ = 0;
};

}  // namespace conformance
