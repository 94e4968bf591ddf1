#include "tests/support/transcript.hpp"

#include "tests/support/escape.hpp"
#include "tests/support/world.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

namespace support {
namespace {

namespace fs = std::filesystem;
namespace ev = mqtt_backend::link_event;
using mqtt_backend::DownReason;
using mqtt_backend::LinkEvent;
using mqtt_backend::OpenResult;

const fs::path prologues = EG91XQ_SOURCE_DIR "/tests/transcripts/prologue";

struct Step {
  fs::path file;
  int line = 0;
  std::size_t channel = 0;
  std::string verb;
  std::string rest;
};

class Failure : public std::runtime_error {
 public:
  Failure(const Step& step, const std::string& what)
      : std::runtime_error(
            fmt::format("{}:{}: {}", step.file.filename().string(), step.line, what)) {}
};

std::vector<Step> read_steps(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::vector<Step> steps;
  std::string text;
  for (int line = 1; std::getline(in, text); ++line) {
    if (text.empty() || text.front() == '#') continue;
    Step step{file, line, 0, {}, {}};
    if (text.front() == '@') {
      step.channel = static_cast<std::size_t>(text.at(1) - '0');
      text.erase(0, 3);
    }
    const auto blank = text.find(' ');
    step.verb = text.substr(0, blank);
    step.rest = blank == std::string::npos ? "" : text.substr(blank + 1);
    if (step.verb == "use") {
      const auto prologue = read_steps(prologues / (step.rest + ".steps"));
      steps.insert(steps.end(), prologue.begin(), prologue.end());
    } else {
      steps.push_back(std::move(step));
    }
  }
  return steps;
}

at::Duration duration_of(const Step& step, const std::string& text) {
  std::size_t used = 0;
  const auto value = std::stod(text, &used);
  const auto unit = text.substr(used);
  const std::map<std::string, double> micros{{"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"min", 6e7}};
  const auto found = micros.find(unit);
  if (found == micros.end()) throw Failure(step, "a time needs us, ms, s or min: " + text);
  return at::Duration(static_cast<at::Duration::rep>(value * found->second + 0.5));
}

/// Words of a step; quoted ones are unescaped.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  bool any = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      word += text[i];
      word += text[++i];
    } else if (text[i] == '"') {
      quoted = !quoted;
      any = true;
    } else if (text[i] == ' ' && !quoted) {
      if (any) words.push_back(unescaped(word));
      word.clear();
      any = false;
    } else {
      word += text[i];
      any = true;
    }
  }
  if (any) words.push_back(unescaped(word));
  return words;
}

mqtt_backend::Latency::Mode latency_of(const std::string& text, std::uint32_t seed) {
  using mqtt_backend::Latency;
  if (text == "instant") return Latency::Instant{};
  if (text == "typical") return Latency::Typical{seed};
  return Latency::Fixed{std::chrono::milliseconds(std::stoi(text))};
}

class Player {
 public:
  Player(std::vector<Step> steps, Delivery delivery)
      : steps_(std::move(steps)), delivery_(delivery) {}

  void run() {
    configure();
    world_.emplace(settings_);
    if (!boot_) power_on_silently();
    while (at_ < steps_.size()) {
      if (delivery_ == Delivery::burst && is_conversation(steps_[at_]))
        play_burst();
      else
        play(steps_[at_++]);
    }
    if (!steps_.empty()) nothing_left(steps_.back());
  }

 private:
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
        settings_.model = emulator::device::find_model(step.rest);
        if (settings_.model == nullptr) throw Failure(step, "no such model");
      } else if (step.verb == "clock") {
        settings_.unix_ms_at_start = std::stoll(step.rest);
      } else if (step.verb == "scale") {
        settings_.time_scale = std::stod(step.rest);
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
    return step.channel == 0 && (step.verb == ">" || step.verb == ">>" || step.verb == "<" ||
                                 step.verb == "<<" || step.verb == "<|");
  }

  static std::string host_bytes(const Step& step) {
    return step.verb == ">" ? step.rest + '\r' : unescaped(step.rest);
  }

  static std::string expected_bytes(const Step& step) {
    if (step.verb == "<<") return unescaped(step.rest);
    const auto line = unescaped(step.rest) + "\r\n";
    return step.verb == "<|" ? line : "\r\n" + line;
  }

  void send(std::size_t channel, const std::string& bytes) {
    if (delivery_ == Delivery::byte_by_byte) {
      for (const char byte : bytes) world_->terminals[channel]->receive({&byte, 1});
    } else {
      world_->terminals[channel]->receive(bytes);
    }
    world_->settle();
  }

  void expect(const Step& step, const std::string& bytes) {
    auto& unread = world_->ports[step.channel].unread;
    if (unread.substr(0, bytes.size()) != bytes)
      throw Failure(step,
                    fmt::format("expected {}\n      got {}", escaped(bytes), escaped(unread)));
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

  void nothing_said(const Step& step) {
    for (const auto& port : world_->ports)
      if (!port.unread.empty())
        throw Failure(step, fmt::format("nobody expected {}", escaped(port.unread)));
  }

  void nothing_left(const Step& step) {
    nothing_said(step);
    for (auto* link : world_->links)
      if (!link->requests.empty())
        throw Failure(step, fmt::format("nobody expected the request {}", link->requests.front()));
  }

  void play(const Step& step) {
    const auto& verb = step.verb;
    if (verb == "--") {
      nothing_said(step);
    } else if (verb == ">" || verb == ">>") {
      nothing_said(step);
      send(step.channel, host_bytes(step));
    } else if (verb == "<" || verb == "<<" || verb == "<|") {
      expect(step, expected_bytes(step));
    } else if (verb == "wait" || verb == "quiet") {
      wait(step);
    } else if (verb == "within") {
      within(step);
    } else if (verb.rfind("link", 0) == 0) {
      link(step);
    } else if (verb == "power") {
      world_->modem.power_on();
    } else if (verb == "hangup") {
      world_->terminals[step.channel]->host_left();
    } else if (verb == "log") {
      log(step);
    } else {
      throw Failure(step, "unknown step: " + verb);
    }
  }

  void wait(const Step& step) {
    nothing_said(step);
    auto& timeline = world_->timeline;
    const auto end = timeline.now() + duration_of(step, step.rest);
    timeline.run_until(end - at::Duration(1));
    nothing_said(step);
    timeline.run_until(end);
    if (step.verb == "quiet") nothing_left(step);
  }

  void within(const Step& step) {
    nothing_said(step);
    const auto blank = step.rest.find(' ');
    auto& timeline = world_->timeline;
    const auto end = timeline.now() + duration_of(step, step.rest.substr(0, blank));
    const auto& unread = world_->ports[step.channel].unread;
    while (unread.empty() && timeline.next() && *timeline.next() <= end)
      timeline.run_until(*timeline.next());
    Step inner = step;
    const auto expectation = step.rest.substr(blank + 1);
    inner.verb = expectation.substr(0, expectation.find(' '));
    inner.rest = expectation.substr(expectation.find(' ') + 1);
    expect(inner, expected_bytes(inner));
  }

  void link(const Step& step) {
    const auto index = step.verb == "link" ? 0 : step.verb.at(4) - '0';
    auto& fake = *world_->links.at(static_cast<std::size_t>(index));
    if (step.rest.rfind("says ", 0) == 0) {
      nothing_said(step);
      fake.say(event_of(step, fake, words_of(step.rest.substr(5))));
      world_->settle();
      return;
    }
    if (fake.requests.empty()) throw Failure(step, "the link was asked nothing");
    if (fake.requests.front() != step.rest)
      throw Failure(step, fmt::format("the link was asked {}", fake.requests.front()));
    fake.requests.pop_front();
  }

  static int id_of(const Step& step, const std::vector<std::string>& words) {
    if (words.size() < 2) throw Failure(step, "an id is missing");
    return std::stoi(words[1]);
  }

  static LinkEvent event_of(const Step& step, const FakeLink& link,
                            const std::vector<std::string>& words) {
    const std::map<std::string, OpenResult> results{{"ok", OpenResult::ok},
                                                    {"unresolved", OpenResult::unresolved},
                                                    {"refused", OpenResult::refused},
                                                    {"unreachable", OpenResult::unreachable},
                                                    {"tls_failed", OpenResult::tls_failed}};
    const std::map<std::string, DownReason> reasons{
        {"peer_closed", DownReason::peer_closed},       {"unreachable", DownReason::unreachable},
        {"connect_unsent", DownReason::connect_unsent}, {"ping_unsent", DownReason::ping_unsent},
        {"protocol_error", DownReason::protocol_error}, {"internal", DownReason::internal}};
    const auto& what = words.at(0);
    if (what == "opened") return ev::Opened{results.at(words.size() > 1 ? words[1] : "ok")};
    if (what == "connack") return ev::ConnAck{id_of(step, words), words.size() > 2};
    if (what == "pong") return ev::Pong{};
    if (what == "sent") return ev::Sent{};
    if (what == "disconnected") return ev::Disconnected{words.size() < 2};
    if (what == "down") return ev::Down{reasons.at(words.at(1)), words[1]};
    if (what == "pubrec") return ev::Received{link.ticket(id_of(step, words))};
    if (what == "message")
      return ev::Message{static_cast<std::uint16_t>(id_of(step, words)),
                         std::stoi(words.at(2)),
                         false,
                         false,
                         words.at(3),
                         words.at(4)};
    if (what == "suback" || what == "unsuback" || what == "puback" || what == "pubcomp" ||
        what == "written") {
      ev::Acked acked{link.ticket(id_of(step, words)), {}};
      for (std::size_t i = 2; i < words.size(); ++i)
        acked.codes.push_back(static_cast<std::uint8_t>(std::stoi(words[i])));
      return acked;
    }
    throw Failure(step, "a link cannot say " + what);
  }

  void log(const Step& step) {
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
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::string> play(const fs::path& file, Delivery delivery) {
  try {
    Player(read_steps(file), delivery).run();
    return std::nullopt;
  } catch (const std::exception& error) {
    return error.what();
  }
}

std::vector<fs::path> transcripts(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".at") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace support
