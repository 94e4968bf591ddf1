// A channel's line between terminal and host, with the faults that act on it: answers that come
// late, in pieces, damaged or not at all, and a module that goes down in the middle of a command,
// an answer or data. It knows from the terminal's events which of the bytes are which. All in
// virtual time. Owned by the Unit, one a port.
#pragma once

#include "at_engine/observer.hpp"
#include "at_engine/port.hpp"
#include "at_engine/terminal.hpp"
#include "at_engine/timeline.hpp"
#include "emulator/faults/fault_set.hpp"
#include "emulator/module/observer.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator::faults {

/// Where something is said that nobody asked for, with or against GRAM-10 (contract CTL-8).
enum class Place {
  now,
  before_echo,
  between_echo_and_reply,
  inside_reply,
  glued_to_result,
  in_prompt,
  after_byte,
};
/// Nothing for a name that is no place.
[[nodiscard]] std::optional<Place> place_of(std::string_view name);
[[nodiscard]] std::string_view name_of(Place place);

/// What is to be said there.
struct Insertion {
  std::string bytes;  // framed
  std::string line;   // for the journal
  Place place = Place::now;
  std::size_t n = 0;          // after which line or byte
  std::uint64_t request = 0;  // its number in the journal
};

class FaultyPort : public at::Port, public at::Observer {
 public:
  /// Bytes of a line, or of what comes after a prompt, that are looked at before the module hears
  /// them; more than that passes at once.
  static constexpr std::size_t max_held = 8192;
  /// Bytes of answers that may be late.
  static constexpr std::size_t max_waiting = std::size_t{4} * 1024 * 1024;

  struct Hooks {
    /// What is known of a command: its client, topic and that client's state.
    std::function<Occasion(std::string_view command)> describe;
    /// Something was said where nobody would expect it.
    std::function<void(const Insertion& insertion)> inserted;
    /// The module goes down.
    std::function<void(PowerLoss loss)> strike;
    /// What the host gets of an answer is not what the module said when it did.
    std::function<void(event::AnswerDisturbed disturbed)> disturbed;
    /// What the host gets, where that is not what the module says when it says it.
    std::function<void(event::LineCarried carried)> carried;
    /// What the host has said is kept from the module.
    std::function<void(event::HostBytesHeld held)> held;
  };

  FaultyPort(at::Timeline& timeline, FaultSet& faults, at::Port& port, Hooks hooks)
      : timeline_(timeline),
        faults_(faults),
        port_(port),
        hooks_(std::move(hooks)),
        timer_(timeline),
        busy_(timeline) {}

  /// Who hears what the host says; before receive(). It must live as long.
  void lead_to(at::Terminal& terminal) { terminal_ = &terminal; }

  /// From the host.
  void receive(std::string_view bytes);
  /// What the module was about to say, or to hear, goes with it.
  void module_is_off();
  /// One of the set is gone: what the host has said waits for none that is no more.
  void fault_ended();
  /// The host has left; the line that it had begun is forgotten.
  void host_left() {
    held_.clear();
    busy_.stop();
    waited_ = false;
  }

  /// What has not got to the other side yet, if anything has not.
  [[nodiscard]] std::optional<std::string> busy() const;

  static constexpr std::size_t most_insertions = 1000;
  /// Says it when its place comes: `now` is when the terminal is idle, or behind the first thing
  /// that a module which is off says. False when too many wait.
  [[nodiscard]] bool insert(Insertion insertion);

  void write(std::string_view bytes) override;
  void set_line(const at::SerialLine& line) override { port_.set_line(line); }
  void set_lines(const at::ModemLines& lines) override { port_.set_lines(lines); }
  [[nodiscard]] std::size_t room() const override { return waiting_.empty() ? port_.room() : 0; }
  void hold(bool held) override { port_.hold(held); }
  [[nodiscard]] int factory_rate() const override { return port_.factory_rate(); }

  void saw(at::Time at, at::Asker channel, const at::Event& event) override;

 private:
  /// Bytes, or the end of the module, that wait for their turn on the line.
  struct Piece {
    at::Duration after{};  // since the piece before, or since it was said
    std::string bytes{};
    std::optional<PowerLoss> strike{};
    bool joins = false;  // what is said next comes with it
  };

  /// One write of the terminal: an echo, and an answer, prompt or URC behind it.
  struct Said {
    std::string echo;
    std::string unit;
  };

  /// The faults that act on what is said.
  struct Acting {
    std::vector<Fault*> echo;
    std::vector<Fault*> answer;  // or prompt
    [[nodiscard]] bool none() const { return echo.empty() && answer.empty(); }
    /// The answer never comes.
    [[nodiscard]] bool drops() const;
  };

  void begin_data();
  void say_what_waits();
  void carry(std::string_view bytes);
  void say_disturbed(Said said, const Acting& acting);
  [[nodiscard]] Acting acting_on(std::size_t echo, std::size_t unit, bool is_reply, bool is_prompt);
  [[nodiscard]] bool can_speak() const;
  [[nodiscard]] Occasion running() const;
  [[nodiscard]] bool lets_all_pass() const;
  void take_what_is_held();
  struct Unit {
    bool is_reply;
    bool is_prompt;
    bool dropped;  // only its echo comes
  };
  /// Whether anything was.
  bool insert_into(Said& said, Unit unit);
  [[nodiscard]] static bool applies(Place place, const Said& said, Unit unit);
  void insert_into(Said& said, const Insertion& insertion) const;
  void pass_on(std::string_view bytes);
  [[nodiscard]] const Fault* acting_on(std::string_view body);
  [[nodiscard]] bool take_line();
  void take_data();
  void strike(PowerLoss loss);
  static std::vector<Piece> shaped(std::string reply, const std::vector<Fault*>& acting);
  static void shape(std::vector<Piece>& pieces, const Fault& fault);
  static std::vector<Piece> in_pieces(const std::vector<Piece>& pieces, std::size_t size,
                                      at::Duration pause);
  static void join_line_ends(std::vector<Piece>& pieces);
  static void cut(std::vector<Piece>& pieces, const Fault& fault);
  void say(Piece piece);
  void say_next();

  at::Timeline& timeline_;
  FaultSet& faults_;
  at::Port& port_;
  Hooks hooks_;
  at::Terminal* terminal_ = nullptr;
  at::Timer timer_;
  at::Timer busy_;  // the module takes nothing in
  at::Asker channel_{};
  std::deque<Piece> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::string held_;     // of the host, not heard yet
  std::string command_;  // that runs, or ran last
  std::vector<Insertion> insertions_;
  bool prompting_ = false;         // the unit that is about to be written is a prompt
  std::size_t unit_ = 0;           // its bytes, the echo before it aside
  bool reply_ = false;             // it is an answer
  bool online_ = false;            // it is of whoever is online, and no unit
  bool entering_ = false;          // a prompt is open
  bool waited_ = false;            // the line that is held has had its wait
  bool judged_ = false;            // whether a fault acts on these data
  std::optional<PowerLoss> doom_;  // comes after `left_` more bytes of data
  std::size_t left_ = 0;
};

}  // namespace emulator::faults
