#include "tests/support/transcript.hpp"

#include "conformance/transcript/escape.hpp"
#include "conformance/transcript/player.hpp"
#include "emulator/scenario_file.hpp"
#include "tests/sim/watcher.hpp"
#include "tests/support/transcript_steps.hpp"
#include "tests/support/world.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <variant>

#include <fmt/format.h>

namespace support {
namespace {

namespace fs = std::filesystem;
namespace ev = mqtt_backend::link_event;
using mqtt_backend::DownReason;

/// The link step at which the link fails instead, and how; without a reason it falls silent.
struct LinkTrouble {
  std::size_t step;
  std::optional<DownReason> reason;
};

/// The step of a connection at which it fails instead, and how.
struct SocketTrouble {
  enum class Kind { refused_or_reset, finished, unresolved, context_lost, module_reset, silence };
  static constexpr int kinds = 6;
  std::size_t step;
  Kind kind;
};

using Trouble = std::variant<std::monostate, LinkTrouble, SocketTrouble>;

class VirtualPlayer : private transcript::Player {
 public:
  VirtualPlayer(std::vector<Step> steps, Delivery delivery, const Trouble& trouble = {})
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
    const auto& reason = std::get<LinkTrouble>(trouble_).reason;
    if (reason && fake.up()) fake.say(ev::Down{*reason, "made to fail"});
    world_->settle();
    observe();
  }

  /// Likewise a connection.
  void fail(std::size_t number) {
    using Kind = SocketTrouble::Kind;
    troubled_ = true;
    // The ledger is one of MQTT, and what is typed now may be data or lines.
    followed_ = false;
    const auto kind = std::get<SocketTrouble>(trouble_).kind;
    const auto* made = world_->transport.events(number);
    // What they tell may be the end of the connection.
    const auto events = made == nullptr ? std::nullopt : std::optional(*made);
    const bool open = world_->transport.opened.count(number) > 0;
    if (kind == Kind::module_reset) world_->modem.device().power().hard_reset();
    if (kind == Kind::context_lost) world_->modem.device().pdp().deactivated({1});
    if (events && open && kind == Kind::finished) events->ended(data_services::Ending::finished);
    if (events && open && kind == Kind::refused_or_reset)
      events->ended(data_services::Ending::reset);
    if (events && !open && kind == Kind::refused_or_reset)
      events->failed(data_services::OpenFailure::refused);
    if (events && !open && kind == Kind::unresolved)
      events->failed(data_services::OpenFailure::unresolved);
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
    // A socket that stays open looks for what its peer acknowledges.
    const bool sockets_rest = world_->transport.unacknowledged_in_all() == 0;
    if (followed_ && ledger_.idle() && sockets_rest && timeline.pending() > 0)
      throw Failure(steps_.back(), fmt::format("{} timers left", timeline.pending()));
    if (followed_) ledger_.check(at::Time::max());
    world_->modem.power_on();
    world_->terminals[0]->channel() = at::Channel{};
    world_->terminals[0]->channel().dtr = 2;
    world_->terminals[0]->dtr(false);
    world_->terminals[0]->dtr(true);
    pass(timeline.now() + std::chrono::minutes(1));
    world_->terminals[0]->receive("\r");
    world_->ports[0].unread.clear();
    world_->terminals[0]->receive("AT\r");
    if (world_->ports[0].unread.find("\r\nOK\r\n") == std::string::npos)
      throw Failure(steps_.back(), fmt::format("AT is not answered any more in mode {}; it says {}",
                                               world_->terminals[0]->mode_name(),
                                               transcript::escaped(world_->ports[0].unread)));
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
    for (const auto& [number, requests] : world_->transport.requests)
      if (!requests.empty())
        throw Failure(step, fmt::format("nobody expected socket{} {}", number, requests.front()));
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
    } else if (verb.rfind("socket", 0) == 0) {
      socket(step);
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
    const auto* trouble = std::get_if<LinkTrouble>(&trouble_);
    if (trouble != nullptr && link_steps_++ == trouble->step) return fail(step);
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
      fake.resolved({{words.begin() + 1, words.end()}, {}});
    else if (what == "ttl")
      fake.resolved(
          {{words.begin() + 2, words.end()}, std::chrono::seconds(std::stoi(words.at(1)))});
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

  void socket(const Step& step) {
    if (troubled_) return;
    const auto number = static_cast<std::size_t>(
        step.verb == "socket" ? 0 : std::stoi(step.verb.substr(std::string("socket").size())));
    auto& fake = world_->transport;
    const auto* trouble = std::get_if<SocketTrouble>(&trouble_);
    if (trouble != nullptr && socket_steps_++ == trouble->step) return fail(number);
    if (step.rest.rfind("says ", 0) == 0) {
      nothing_said(step);
      const auto words = words_of(step.rest.substr(5));
      if (const auto* listener = fake.listener(number)) {
        say(step, *listener, words);
      } else {
        const auto* events = fake.events(number);
        if (events == nullptr) throw Failure(step, "there is no such connection");
        say(step, *events, words);
      }
      world_->settle();
      observe();
      return;
    }
    if (step.rest.rfind("acknowledges ", 0) == 0) {
      fake.unacknowledged[number] -= std::stoul(words_of(step.rest).at(1));
      return;
    }
    auto& requests = fake.requests[number];
    if (requests.empty()) throw Failure(step, "the connection was asked nothing");
    if (requests.front() != step.rest)
      throw Failure(step, fmt::format("the connection was asked {}", requests.front()));
    requests.pop_front();
  }

  void say(const Step& step, const data_services::Listener::Events& events,
           const std::vector<std::string>& words) {
    if (words.at(0) == "listening")
      events.listening();
    else if (words[0] == "failed")
      events.failed(data_services::OpenFailure::local_port_taken);
    else if (words[0] == "incoming")
      events.incoming(world_->transport.caller(
          {words.at(1), static_cast<std::uint16_t>(std::stoi(words.at(2)))}));
    else
      throw Failure(step, "a listener cannot say " + words[0]);
  }

  static data_services::Arrival arrival_of(const std::vector<std::string>& words) {
    if (words.size() == 2) return {words[1]};
    return {words.at(1), {words.at(2), static_cast<std::uint16_t>(std::stoi(words.at(3)))}};
  }

  void say(const Step& step, const FakeTransport::Events& events,
           const std::vector<std::string>& words) {
    using data_services::Ending;
    using data_services::OpenFailure;
    const std::map<std::string, OpenFailure> failures{
        {"unresolved", OpenFailure::unresolved},
        {"local_port_taken", OpenFailure::local_port_taken},
        {"refused", OpenFailure::refused},
        {"unreachable", OpenFailure::unreachable},
        {"tls_failed", OpenFailure::tls_failed}};
    const auto& what = words.at(0);
    if (what == "negotiating")
      events.negotiating();
    else if (what == "opened")
      events.opened({words.at(1), static_cast<std::uint16_t>(std::stoi(words.at(2)))});
    else if (what == "failed")
      events.failed(failures.at(words.at(1)));
    else if (what == "arrived")
      events.arrived(arrival_of(words));
    else if (what == "finished")
      events.ended(Ending::finished);
    else if (what == "reset")
      events.ended(Ending::reset);
    else if (what == "closed")
      events.closed();
    else if (what == "secured")
      events.secured();
    else
      throw Failure(step, "a connection cannot say " + what);
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
  Trouble trouble_;
  std::size_t socket_steps_ = 0;
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
  const auto steps_of = [&](const char* seam) {
    return static_cast<std::size_t>(
        std::count_if(steps.begin(), steps.end(),
                      [&](const auto& step) { return step.verb.rfind(seam, 0) == 0; }));
  };
  TroubleReport report;
  const auto play_with = [&](const Trouble& trouble, const std::string& what) {
    VirtualPlayer player(steps, Delivery::as_written, trouble);
    ++report.runs;
    try {
      player.run();
      report.followed += player.followed() ? 1 : 0;
    } catch (const std::exception& error) {
      report.failures.push_back(fmt::format("{}: {}: {}", name_of(file), what, error.what()));
    }
  };
  for (std::size_t step = 0; step < steps_of("link"); ++step)
    for (std::size_t kind = 0; kind < reasons.size(); ++kind)
      play_with(LinkTrouble{step, reasons[kind]},
                fmt::format("link step {}, trouble {}", step, kind));
  for (std::size_t step = 0; step < steps_of("socket"); ++step)
    for (int kind = 0; kind < SocketTrouble::kinds; ++kind)
      play_with(SocketTrouble{step, static_cast<SocketTrouble::Kind>(kind)},
                fmt::format("socket step {}, trouble {}", step, kind));
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
