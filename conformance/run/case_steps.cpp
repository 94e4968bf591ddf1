// The steps of a case that are not between host and unit: the broker, the peer, and the port
// itself.
#include "conformance/run/case_player.hpp"
#include "conformance/transcript/escape.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace conformance {

using transcript::escaped;
using transcript::Failure;
using transcript::Step;
using namespace std::chrono_literals;

namespace {

/// `wanted` may hold wildcards, `$any` in the case.
bool fits(std::string_view text, std::string_view wanted) {
  for (;;) {
    const auto star = wanted.find(Bench::wildcard);
    if (star == std::string_view::npos) return text == wanted;
    if (text.substr(0, star) != wanted.substr(0, star)) return false;
    wanted.remove_prefix(star + 1);
    const auto next = wanted.substr(0, wanted.find(Bench::wildcard));
    const auto place = next.size() == wanted.size() && text.size() >= next.size()
                           ? text.size() - next.size()
                           : text.find(next, star);
    if (place == std::string_view::npos || place < star) return false;
    text.remove_prefix(place);
  }
}

/// "link3" is about client 3, "link" about client 0.
std::size_t client_of(const Step& step) {
  return step.verb.size() > 4 ? static_cast<std::size_t>(step.verb[4] - '0') : 0;
}

}  // namespace

bool CasePlayer::play_other(const Step& step) {
  const auto& verb = step.verb;
  if (verb.rfind("link", 0) == 0) {
    link(step);
  } else if (verb.rfind("socket", 0) == 0) {
    socket(step);
  } else if (verb == "peer") {
    peer(step);
  } else if (verb.rfind("dlci", 0) == 0) {
    dlci(step);
  } else if (verb == "n1") {
    most_data_ = std::stoul(step.rest);
  } else if (verb == "repeat") {
    repeat(step);
  } else if (verb == "file") {
    const auto content = s_.bench.file(step.rest);
    note(Speaker::host, fmt::format("{} bytes of {}", content.size(), step.rest));
    unit_->write(content);
    sent_at_ = reference_ = Clock::now();
  } else if (verb == "reset") {
    reset(step);
  } else if (verb == "hangup") {
    nothing_said(step);
    unit_.reset();
    open();
  } else if (verb == "echo") {
    if (command("ATE1", scaled(1000ms), true).find("OK") == std::string::npos)
      throw Failure(step, "ATE1 is not answered");
  } else {
    return verb == "when" || verb == "finally" || verb == "judged";
  }
  return true;
}

void CasePlayer::repeat(const Step& step) {
  const auto blank = step.rest.find(' ');
  Step inner = step;
  const auto what = step.rest.substr(blank + 1);
  inner.verb = what.substr(0, what.find(' '));
  inner.rest = what.substr(what.find(' ') + 1);
  const int times = std::stoi(step.rest);
  for (int i = 0; i < times; ++i) {
    s_.bench.n = i;
    play_step(inner);
  }
}

bool CasePlayer::came(const Wait& wait, const std::function<bool()>& condition) {
  const auto began = Clock::now();
  if (!s_.loop.wait(patience_.of(wait), condition)) return false;
  patience_.met(wait, Clock::now() - began);
  return true;
}

std::shared_ptr<Link> CasePlayer::link_of(const Step& step) {
  const auto found = links_.find(client_of(step));
  if (found == links_.end()) throw Failure(step, "no link was opened for this client");
  return found->second;
}

void CasePlayer::link(const Step& step) {
  const auto words = transcript::words_of(step.rest);
  if (words.size() > 1 && words[0] == "says")
    return link_says(step, {words.begin() + 1, words.end()});
  const auto wait = usual_wait(words.at(0) + " at the broker");
  if (words.at(0) == "open") {
    auto& waiting = s_.bench.broker().waiting;
    if (!came(wait, [&] { return !waiting.empty(); }))
      miss(step, wait, "a link to the broker", "none");
    in_time(step, waiting.front()->opened_at, step.rest);
    links_[client_of(step)] = waiting.front();
    waiting.pop_front();
    return;
  }
  const auto link = link_of(step);
  if (!came(wait, [&] { return !link->requests.empty(); }))
    miss(step, wait, step.rest, "nothing on the link");
  const auto request = link->requests.front();
  link->requests.pop_front();
  if (!fits(request.text, step.rest)) differ(step, step.rest, request.text);
  in_time(step, request.at, step.rest);
  reference_ = std::max(reference_, request.at);
}

void CasePlayer::link_says(const Step& step, const std::vector<std::string>& words) {
  reach_due(step);
  const auto link = link_of(step);
  const auto bytes = wire::said(words);
  note(Speaker::broker, step.rest.substr(step.rest.find(' ') + 1, 400));
  if (!bytes.empty()) link->write(bytes);
  if (words.at(0) == "down") {
    if (words.at(1) == "peer_closed") link->finish();
    if (words.at(1) == "reset") link->reset();
  }
  reference_ = Clock::now();
}

std::shared_ptr<FarLine> CasePlayer::far_line_of(const Step& step) {
  const auto found = far_lines_.find(step.verb);
  if (found == far_lines_.end()) throw Failure(step, "nothing was opened under this name");
  return found->second;
}

/// With a wildcard the bytes are all that has come.
void CasePlayer::far_end_hears(const Step& step, FarLine& line, const std::string& bytes,
                               const Wait& wait) {
  auto& unread = line.unread;
  const bool is_pattern = bytes.find(Bench::wildcard) != std::string::npos;
  const auto whole = [&] {
    return is_pattern ? fits(unread, bytes) : unread.size() >= bytes.size();
  };
  if (!came(wait, whole))
    miss(step, wait, escaped(bytes), unread.empty() ? "nothing" : escaped(unread));
  const auto size = is_pattern ? unread.size() : bytes.size();
  if (!is_pattern && !unread.starts_with(bytes)) differ(step, escaped(bytes), escaped(unread));
  unread.erase(0, size);
}

void CasePlayer::socket(const Step& step) {
  const auto words = transcript::words_of(step.rest);
  const auto& what = words.at(0);
  const auto wait = usual_wait("socket: " + what);
  if (what == "open") {
    auto& waiting = s_.bench.far_end().waiting;
    if (!came(wait, [&] { return !waiting.empty(); }))
      miss(step, wait, "a connection to the peer", "none");
    far_lines_[step.verb] = waiting.front();
    waiting.pop_front();
    return;
  }
  const auto line = far_line_of(step);
  if (what == "hears") {
    far_end_hears(step, *line, words.at(1), wait);
  } else if (what == "ends") {
    if (!came(wait, [&] { return line->is_over; }))
      miss(step, wait, "the unit's end of the connection", "none");
  } else {
    reach_due(step);
    note(Speaker::peer, step.rest.substr(0, 400));
    if (what == "says")
      line->write(words.at(1));
    else if (what == "finishes")
      line->finish();
    else if (what == "resets")
      line->reset();
    else
      throw Failure(step, "a socket's peer cannot " + what);
    reference_ = Clock::now();
    return;
  }
  in_time(step, line->last_heard, step.rest);
  reference_ = std::max(reference_, line->last_heard);
}

void CasePlayer::peer(const Step& step) {
  reach_due(step);
  const auto words = transcript::words_of(step.rest);
  const auto& what = words.at(0);
  if (what == "hears") {
    auto& messages = s_.bench.peer().messages;
    const Wait wait{"message at the peer", usual_patience, usual_patience};
    if (!came(wait, [&] { return !messages.empty(); }))
      miss(step, wait, step.rest, "nothing at the peer");
    const auto message = messages.front();
    messages.pop_front();
    const auto told = fmt::format("hears {} {:d} \"{}\" \"{}\"", message.qos, message.retained,
                                  escaped(message.topic), escaped(message.payload));
    note(Speaker::peer, told);
    if (told != step.rest) differ(step, step.rest, told);
    return;
  }
  if (what == "subscribe")
    s_.bench.peer().subscribe(words.at(1), std::stoi(words.at(2)));
  else if (what == "publish")
    s_.bench.peer().publish({words.at(3), words.at(4), std::stoi(words.at(1)), words.at(2) == "1"});
  else if (what == "connect")
    s_.bench.connect_peer(words.at(1));
  else
    throw Failure(step, "a peer cannot " + what);
  // Once it is done: what the peer's own library takes is no time of the unit.
  note(Speaker::peer, step.rest.substr(0, 400));
  reference_ = Clock::now();
}

}  // namespace conformance
