#include "tests/sim/simulation.hpp"

#include "tests/sim/broker.hpp"
#include "tests/sim/host.hpp"
#include "tests/sim/second_host.hpp"
#include "tests/sim/troubles.hpp"
#include "tests/sim/world.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace sim {
namespace {

emulator::Modem::Settings settings_of(std::uint64_t seed) {
  emulator::Modem::Settings settings;
  using cellular::Latency;
  if (seed % 3 == 0) settings.latency = Latency::Typical{static_cast<std::uint32_t>(seed)};
  if (seed % 3 == 1) settings.latency = Latency::Fixed{std::chrono::milliseconds(400)};
  return settings;
}

constexpr at::Duration never = std::chrono::hours(24 * 365 * 100);

struct Tapes {
  Tape* recorded = nullptr;      // what is done is added to it
  const Tape* played = nullptr;  // what is done is what stands in it
};

class Simulation {
 public:
  Simulation(std::uint64_t seed, bool keeps_lines, Tapes tapes = {})
      : tapes_(tapes),
        dice_(seed),
        world_(settings_of(seed),
               {[this](int index) -> const Setup& { return host_.setup(index); },
                [this](int index, const auto& message) { host_.expect(index, message); },
                [this](int index) { ledger_.link_lost(index, world_.timeline.now()); },
                [this](auto line) { host_.note(std::move(line)); }}),
        host_(world_, dice_, ledger_, seed % 3 == 2),
        second_host_(world_, dice_, ledger_, host_),
        broker_(world_, dice_),
        troubles_(world_, dice_, [this](int index) -> const Setup& { return host_.setup(index); }) {
    troubles_.on_told([this](const auto& fault) { host_.note("  fault " + fault); });
    troubles_.on_strike([this](const auto& fault) { host_.struck(fault); });
    host_.record(keeps_lines);
    // Every timer counts here, and RI would have one behind every URC.
    for (const auto* key : {"QCFG/urc/ri/other", "QCFG/urc/ri/smsincoming"})
      world_.flash.settings[key] = "\"off\",120,1";
    world_.modem.power_on();
    world_.ports[0].unread.clear();
    world_.line.check();
    for (const auto actor : {Actor::host, Actor::second_host, Actor::broker, Actor::trouble})
      go_on(actor);
  }

  /// Up to `duration` or `most` events; the problem, if there is one.
  std::string run(at::Duration duration, std::uint64_t most) {
    try {
      const at::Time end(duration);
      while (*world_.timeline.next() <= end && events_ < most) step();
      return {};
    } catch (const std::exception& problem) {
      return problem.what();
    }
  }

  void tell(SimResult& result) const {
    result.events = events_;
    result.operations = ledger_.results();
    result.commands = host_.commands() + second_host_.commands();
    result.hash = world_.line.hash() ^ host_.hash() ^ second_host_.hash();
    result.days =
        std::chrono::duration<double>(world_.timeline.now().time_since_epoch()).count() / 86400;
    result.faults = troubles_.struck();
    result.slips = dice_.slips();
    result.turns = dice_.turns();
    result.session.assign(host_.session().begin(), host_.session().end());
  }

 private:
  static constexpr std::size_t own_timers = 4;

  /// What the second channel says first: a failure told there explains what the first tells then.
  void read() {
    second_host_.read();
    host_.read();
  }

  void step() {
    ++events_;
    world_.timeline.run_until(*world_.timeline.next());
    read();
    world_.line.check();
    host_.check();
    second_host_.check();
    for (const auto* audit : world_.audits) audit->check();
    const auto timers = world_.timeline.pending() - broker_.pending() - second_host_.pending() -
                        troubles_.pending() - own_timers;
    if (ledger_.idle() && !host_.busy() && host_.settled() && world_.line.quiet() && timers != 0)
      throw Violation(fmt::format("{} timers left though every client is idle", timers));
    for (const auto& line : world_.log.lines) {
      host_.note("  log: " + line);
      if (line.find("queue full") != std::string::npos) throw Violation(line);
    }
    world_.log.lines.clear();
  }

  at::Duration pause(Actor actor) {
    if (actor == Actor::host) return host_.pause();
    if (actor == Actor::second_host) return second_host_.pause();
    if (actor == Actor::broker) return dice_.ms(0, 6000);
    return troubles_.pause();
  }

  void act(Actor actor) {
    if (actor == Actor::host) host_.act();
    if (actor == Actor::second_host) second_host_.act();
    if (actor == Actor::broker) broker_.disturb();
    if (actor == Actor::trouble) troubles_.act();
  }

  /// The actor's next step; there is a timer for each of them at all times.
  void go_on(Actor actor) {
    if (tapes_.played != nullptr) return play_on(actor);
    auto* const recorded = tapes_.recorded;
    dice_.record(nullptr);
    const auto wait = pause(actor);
    if (recorded != nullptr && !recorded->steps.empty())
      dice_.record(&recorded->steps.back().after);
    world_.timeline.after(wait, [this, actor, recorded] {
      before_step(actor);
      if (recorded != nullptr) {
        recorded->steps.push_back({actor, world_.timeline.now()});
        dice_.record(&recorded->steps.back().draws);
      }
      act(actor);
      go_on(actor);
    });
  }

  void play_on(Actor actor) {
    const auto& steps = tapes_.played->steps;
    auto& next = played_[static_cast<std::size_t>(actor)];
    while (next < steps.size() && steps[next].actor != actor) ++next;
    if (next == steps.size()) {
      world_.timeline.after(never, [] {});
      return;
    }
    const auto& step = steps[next++];
    world_.timeline.after(step.at - world_.timeline.now(), [this, &step] {
      before_step(step.actor);
      dice_.play(step.draws);
      act(step.actor);
      dice_.play(step.after);
      play_on(step.actor);
    });
  }

  void before_step(Actor actor) {
    read();
    if (actor != Actor::trouble) return;
    troubles_.end_some();
    read();
  }

  Tapes tapes_;
  std::array<std::size_t, actor_count> played_{};
  Dice dice_;
  World world_;
  Ledger ledger_;
  Host host_;
  SecondHost second_host_;
  Broker broker_;
  Troubles troubles_;
  std::uint64_t events_ = 0;
};

}  // namespace

SimResult run(std::uint64_t seed, at::Duration duration) {
  SimResult result;
  result.seed = seed;
  constexpr auto no_limit = std::numeric_limits<std::uint64_t>::max();
  {
    Simulation simulation(seed, false);
    result.problem = simulation.run(duration, no_limit);
    simulation.tell(result);
  }
  if (result.problem.empty()) return result;
  Simulation again(seed, true);
  const auto problem = again.run(duration, result.events);
  if (problem != result.problem) result.problem += "\nbut when repeated: " + problem;
  again.tell(result);
  return result;
}

Tape record(std::uint64_t seed, at::Duration duration) {
  Tape tape;
  Simulation simulation(seed, false, {.recorded = &tape});
  simulation.run(duration, std::numeric_limits<std::uint64_t>::max());
  return tape;
}

SimResult play(std::uint64_t seed, const Tape& tape, at::Duration duration, bool keeps_lines) {
  SimResult result;
  result.seed = seed;
  Simulation simulation(seed, keeps_lines, {.played = &tape});
  result.problem = simulation.run(duration, std::numeric_limits<std::uint64_t>::max());
  simulation.tell(result);
  return result;
}

std::string report(const SimResult& result) {
  auto text = fmt::format("seed {}, event {} ({:.4f} days): {}\n", result.seed, result.events,
                          result.days, result.problem);
  for (const auto& line : result.session) text += "  " + line + '\n';
  return text;
}

}  // namespace sim
