#include "tests/support/transcript_steps.hpp"

#include "tests/support/escape.hpp"

#include <fstream>
#include <map>

#include <fmt/format.h>

namespace support {

namespace fs = std::filesystem;
namespace ev = mqtt_backend::link_event;
using mqtt_backend::DownReason;
using mqtt_backend::LinkEvent;
using mqtt_backend::OpenResult;

namespace {

const fs::path prologues = EG91XQ_SOURCE_DIR "/tests/transcripts/prologue";


int id_of(const Step& step, const std::vector<std::string>& words) {
  if (words.size() < 2) throw Failure(step, "an id is missing");
  return std::stoi(words[1]);
}

}  // namespace

std::string name_of(const fs::path& file) {
  return (file.parent_path().filename() / file.filename()).string();
}

Failure::Failure(const Step& step, const std::string& what)
    : std::runtime_error(fmt::format("{}:{}: {}", name_of(step.file), step.line, what)) {}

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

mqtt_backend::Latency::Mode latency_of(const std::string& text, std::uint32_t seed) {
  using mqtt_backend::Latency;
  if (text == "instant") return Latency::Instant{};
  if (text == "typical") return Latency::Typical{seed};
  return Latency::Fixed{std::chrono::milliseconds(std::stoi(text))};
}

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

LinkEvent event_of(const Step& step, const FakeLink& link) {
  const auto words = words_of(step.rest.substr(5));
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
  if (what == "negotiating") return ev::Negotiating{};
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

}  // namespace support
