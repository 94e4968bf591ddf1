#include "tests/support/transcript.hpp"

#include "conformance/transcript/escape.hpp"
#include "conformance/transcript/player.hpp"
#include "emulator/scenario_file.hpp"
#include "tests/sim/watcher.hpp"
#include "tests/support/transcript_steps.hpp"
#include "tests/support/world.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace support {
namespace {

namespace fs = std::filesystem;
namespace ev = mqtt_backend::link_event;
using mqtt_backend::DownReason;

/// The link step at which the link fails instead, and how; without a reason it falls silent.
struct Trouble {
  std::size_t step;
  std::optional<DownReason> reason;
};

class VirtualPlayer : private transcript::Player {
 public:
  VirtualPlayer(std::vector<Step> steps, Delivery delivery, std::optional<Trouble> trouble = {})
      : steps_(std::move(steps)), delivery_(delivery), trouble_(trouble) {}

  void run() {
    start();
    while (at_ < steps_.size()) {
      if (delivery_ == Delivery::burst && is_conversation(steps_[at_]))
        play_burst();
      else
        play(steps_[at_++]);
    }
    if (troubled_)
      recover();
    else if (!steps_.empty())
      nothing_left(steps_.back());
  }

  /// Whether the session could be followed to its end by the ledger.
  [[nodiscard]] bool followed() const { return followed_; }

 private:
  void start() {
    configure();
    world_.emplace(settings_);
    for (std::size_t i = 0; i < World::channel_count; ++i)
      watchers_.emplace_back(ledger_, followed_, world_->modem.registry());
    if (!boot_) power_on_silently();
  }

  /// Shows the watchers what was written since they last looked.
  void observe() {
    const auto now = world_->timeline.now();
    for (std::size_t i = 0; i < World::channel_count; ++i) {
      auto& writes = world_->ports[i].writes;
      for (const auto& unit : writes) watchers_[i].wrote(unit, now);
      writes.clear();
      watchers_[i].settled(now, world_->terminals[i]->idle());
    }
  }

  void pass(at::Time end) {
    auto& timeline = world_->timeline;
    while (timeline.next() && *timeline.next() <= end) {
      timeline.run_until(*timeline.next());
      observe();
    }
    timeline.run_until(end);
  }

  /// The link of `step` fails; from here on nothing is compared and no link says a word.
  void fail(const Step& step) {
    troubled_ = true;
    auto& fake = link_of(step);
    if (trouble_->reason && fake.up()) fake.say(ev::Down{*trouble_->reason, "made to fail"});
    world_->settle();
    observe();
  }

  /// After trouble: data entry is finished, time passes, and the modem must be as good as new.
  void recover() {
    constexpr std::size_t longest_payload = 1500;
    auto& timeline = world_->timeline;
    send(0, "\r" + std::string(longest_payload, '\r') + '\x1a');
    const auto end = timeline.now() + std::chrono::minutes(10);
    while (timeline.next() && *timeline.next() <= end) pass(*timeline.next());
    pass(end + std::chrono::seconds(1));  // until RI rests
    if (followed_ && ledger_.idle() && timeline.pending() > 0)
      throw Failure(steps_.back(), fmt::format("{} timers left", timeline.pending()));
    if (followed_) ledger_.check(at::Time::max());
    world_->modem.power_on();
    world_->terminals[0]->channel() = at::Channel{};
    world_->terminals[0]->receive("\r");
    world_->ports[0].unread.clear();
    world_->terminals[0]->receive("AT\r");
    if (world_->ports[0].unread.find("\r\nOK\r\n") == std::string::npos)
      throw Failure(steps_.back(), "AT is not answered any more");
  }

  void configure() {
    std::string latency = "instant";
    std::uint32_t seed = 1;
    const auto is_setting = [&](const Step& step) {
      if (step.verb == "knob") {
        if (const auto wrong = settings_.knobs.set(step.rest)) throw Failure(step, *wrong);
      } else if (step.verb == "latency") {
        latency = step.rest;
      } else if (step.verb == "seed") {
        seed = static_cast<std::uint32_t>(std::stoul(step.rest));
      } else if (step.verb == "model") {
        settings_.device.model = emulator::device::find_model(step.rest);
        if (settings_.device.model == nullptr) throw Failure(step, "no such model");
        settings_.device.identity = emulator::device::identity_of(*settings_.device.model, 0);
      } else if (step.verb == "clock") {
        settings_.device.unix_ms_at_start = std::stoll(step.rest);
      } else if (step.verb == "scale") {
        settings_.time_scale = [scale = std::stod(step.rest)] { return scale; };
      } else if (step.verb == "start") {
        if (step.rest != "typical") throw Failure(step, "only a typical start can be asked for");
        settings_.device.boot = emulator::device::typical_boot;
      } else if (step.verb == "pin") {
        settings_.device.card.pin = step.rest;
        settings_.device.card.pin_enabled = true;
      } else if (step.verb == "scenario") {
        auto read = emulator::parse_scenario(step.rest,
                                             emulator::device::home_scene(*settings_.device.model));
        if (const auto* wrong = std::get_if<std::string>(&read)) throw Failure(step, *wrong);
        settings_.device.scenario =
            std::get<std::vector<emulator::device::SceneChange>>(std::move(read));
      } else if (step.verb == "boot") {
        boot_ = true;
      } else if (step.verb == "echo") {
        echo_ = true;
      } else {
        return false;
      }
      return true;
    };
    steps_.erase(std::remove_if(steps_.begin(), steps_.end(), is_setting), steps_.end());
    settings_.latency = latency_of(latency, seed);
  }

  void power_on_silently() {
    world_->modem.power_on();
    if (!echo_)
      for (auto* terminal : world_->terminals) terminal->channel().echo = false;
    for (auto& port : world_->ports) {
      port.unread.clear();
      port.writes.clear();
    }
  }

  static bool is_conversation(const Step& step) {
    return step.channel == 0 && step.verb != "<&" && (is_host(step) || is_modem(step));
  }

  void send(const Step& step, const std::string& bytes) override { send(step.channel, bytes); }

  void send(std::size_t channel, const std::string& bytes) {
    watchers_[channel].sent(bytes, world_->timeline.now());
    if (delivery_ == Delivery::byte_by_byte) {
      for (const char byte : bytes) world_->terminals[channel]->receive({&byte, 1});
    } else {
      world_->terminals[channel]->receive(bytes);
    }
    world_->settle();
    observe();
  }

  void expect(const Step& step, const std::string& bytes) override {
    if (troubled_) return;
    auto& unread = world_->ports[step.channel].unread;
    if (unread.substr(0, bytes.size()) != bytes)
      throw Failure(step, fmt::format("expected {}\n      got {}", transcript::escaped(bytes),
                                      transcript::escaped(unread)));
    unread.erase(0, bytes.size());
  }

  void play_burst() {
    std::string host;
    std::string modem;
    const auto first = steps_[at_];
    for (; at_ < steps_.size() && is_conversation(steps_[at_]); ++at_) {
      const auto& step = steps_[at_];
      (step.verb.front() == '>' ? host : modem) +=
          step.verb.front() == '>' ? host_bytes(step) : expected_bytes(step);
    }
    send(0, host);
    expect(first, modem);
  }

  void expect_among(const Step& step, const std::string& bytes) override {
    if (troubled_) return;
    auto& unread = world_->ports[step.channel].unread;
    const auto place = unread.find(bytes);
    if (place == std::string::npos)
      throw Failure(step, fmt::format("expected {}\n   among {}", transcript::escaped(bytes),
                                      transcript::escaped(unread)));
    unread.erase(place, bytes.size());
  }

  void nothing_said(const Step& step) override {
    if (troubled_) return;
    for (const auto& port : world_->ports)
      if (!port.unread.empty())
        throw Failure(step, fmt::format("nobody expected {}", transcript::escaped(port.unread)));
  }

  void nothing_left(const Step& step) override {
    if (troubled_) return;
    nothing_said(step);
    for (auto* link : world_->links)
      if (!link->requests.empty())
        throw Failure(step, fmt::format("nobody expected the request {}", link->requests.front()));
    if (!world_->internet.requests.empty())
      throw Failure(step, fmt::format("nobody expected {}", world_->internet.requests.front()));
  }

  bool play_other(const Step& step) override {
    const auto& verb = step.verb;
    if (verb.rfind("link", 0) == 0) {
      link(step);
    } else if (verb == "power") {
      world_->modem.power_on();
      observe();
    } else if (verb == "hangup") {
      world_->terminals[step.channel]->host_left(
          settings_.knobs.is_set(cellular::Knob::data_mode_on_close));
      watchers_[step.channel].hangup();
      observe();
    } else if (verb == "internet") {
      internet(step);
    } else if (verb == "files") {
      world_->files.writable = step.rest == "fine";
      world_->files.readable = step.rest != "unreadable";
    } else if (verb == "flash") {
      world_->flash.writable = step.rest == "fine";
    } else if (verb == "log") {
      log(step);
    } else {
      return false;
    }
    return true;
  }

  void pass(const Step& step, transcript::Duration time) override {
    const auto end = world_->timeline.now() + time;
    pass(end - at::Duration(1));
    nothing_said(step);
    pass(end);
  }

  void expect_within(const Step& step, transcript::Duration limit,
                     const std::string& bytes) override {
    auto& timeline = world_->timeline;
    const auto end = timeline.now() + limit;
    const auto& unread = world_->ports[step.channel].unread;
    while ((unread.empty() || troubled_) && timeline.next() && *timeline.next() <= end)
      pass(*timeline.next());
    expect(step, bytes);
  }

  FakeLink& link_of(const Step& step) {
    const auto index = step.verb == "link" ? 0 : step.verb.at(4) - '0';
    return *world_->links.at(static_cast<std::size_t>(index));
  }

  void link(const Step& step) {
    if (troubled_) return;
    if (trouble_ && link_steps_++ == trouble_->step) {
      fail(step);
      return;
    }
    auto& fake = link_of(step);
    if (step.rest.rfind("says ", 0) == 0) {
      nothing_said(step);
      fake.say(event_of(step, fake));
      world_->settle();
      observe();
      return;
    }
    if (fake.requests.empty()) throw Failure(step, "the link was asked nothing");
    if (fake.requests.front() != step.rest)
      throw Failure(step, fmt::format("the link was asked {}", fake.requests.front()));
    fake.requests.pop_front();
  }

  void internet(const Step& step) {
    if (troubled_) return;
    auto& fake = world_->internet;
    if (step.rest.rfind("says ", 0) == 0) {
      nothing_said(step);
      answer(step, words_of(step.rest.substr(5)));
      world_->settle();
      observe();
      return;
    }
    if (fake.requests.empty()) throw Failure(step, "the internet was asked nothing");
    if (fake.requests.front() != step.rest)
      throw Failure(step, fmt::format("the internet was asked {}", fake.requests.front()));
    fake.requests.pop_front();
  }

  void answer(const Step& step, const std::vector<std::string>& words) {
    auto& fake = world_->internet;
    const auto& what = words.at(0);
    if (what == "addresses")
      fake.resolved({words.begin() + 1, words.end()});
    else if (what == "echo" && words.size() == 1)
      fake.echoed(std::nullopt);
    else if (what == "echo")
      fake.echoed(cellular::Echo{32, std::stoi(words[1]), std::stoi(words.at(2))});
    else if (what == "time" && words.size() == 1)
      fake.timed(std::nullopt);
    else if (what == "time")
      fake.timed(std::stoll(words[1]));
    else
      throw Failure(step, "the internet cannot say " + what);
  }

  void log(const Step& step) {
    if (troubled_) return;
    const auto& lines = world_->log.lines;
    const auto found = std::any_of(lines.begin(), lines.end(), [&](const auto& line) {
      return line.find(step.rest) != std::string::npos;
    });
    if (!found) throw Failure(step, "not in the log: " + step.rest);
  }

  std::vector<Step> steps_;
  Delivery delivery_;
  emulator::Modem::Settings settings_;
  bool boot_ = false;
  bool echo_ = false;
  std::optional<World> world_;
  sim::Ledger ledger_;
  bool followed_ = true;
  std::vector<sim::Watcher> watchers_;
  std::size_t at_ = 0;
  std::optional<Trouble> trouble_;
  std::size_t link_steps_ = 0;
  bool troubled_ = false;
};

}  // namespace

std::optional<std::string> play(const fs::path& file, Delivery delivery) {
  try {
    VirtualPlayer(read_steps(file), delivery).run();
    return std::nullopt;
  } catch (const std::exception& error) {
    return error.what();
  }
}

TroubleReport play_with_trouble(const fs::path& file) {
  static constexpr std::array<std::optional<DownReason>, 5> reasons{
      DownReason::peer_closed, DownReason::unreachable, DownReason::protocol_error,
      DownReason::internal, std::nullopt};
  const auto steps = read_steps(file);
  const auto link_steps =
      static_cast<std::size_t>(std::count_if(steps.begin(), steps.end(), [](const auto& step) {
        return step.verb.rfind("link", 0) == 0;
      }));
  TroubleReport report;
  for (std::size_t step = 0; step < link_steps; ++step) {
    for (std::size_t kind = 0; kind < reasons.size(); ++kind) {
      VirtualPlayer player(steps, Delivery::as_written, Trouble{step, reasons[kind]});
      ++report.runs;
      try {
        player.run();
        report.followed += player.followed() ? 1 : 0;
      } catch (const std::exception& error) {
        report.failures.push_back(fmt::format("{}: link step {}, trouble {}: {}", name_of(file),
                                              step, kind, error.what()));
      }
    }
  }
  return report;
}

std::vector<fs::path> transcripts(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".at") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace support
