#include "tests/support/transcript_steps.hpp"

#include "tests/support/places.hpp"

#include <map>

#include <fmt/format.h>

namespace support {

namespace fs = std::filesystem;
namespace ev = mqtt_backend::link_event;
using mqtt_backend::DownReason;
using mqtt_backend::LinkEvent;
using mqtt_backend::OpenResult;

namespace {

const fs::path prologues = in_tree("tests/transcripts/prologue");

int id_of(const Step& step, const std::vector<std::string>& words) {
  if (words.size() < 2) throw Failure(step, "an id is missing");
  return std::stoi(words[1]);
}

}  // namespace

std::vector<Step> read_steps(const fs::path& file) {
  auto cases = transcript::read_cases(file, prologues);
  if (cases.size() != 1) throw std::runtime_error(name_of(file) + " has more than one case");
  return std::move(cases.front().steps);
}

cellular::Latency::Mode latency_of(const std::string& text, std::uint32_t seed) {
  using cellular::Latency;
  if (text == "instant") return Latency::Instant{};
  if (text == "typical") return Latency::Typical{seed};
  return Latency::Fixed{std::chrono::milliseconds(std::stoi(text))};
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
