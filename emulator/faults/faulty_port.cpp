#include "emulator/faults/faulty_port.hpp"

#include "at_engine/grammar.hpp"
#include "at_engine/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace emulator::faults {
namespace {

/// Line feeds behind a line's end, and A/, wait for no end.
bool is_complete_alone(std::string_view bytes) {
  return bytes.find_first_not_of('\n') == std::string_view::npos || at::upper(bytes) == "A/";
}

std::string with_line_ends(std::string_view bytes, std::string_view instead) {
  constexpr std::string_view line_end = "\r\n";
  std::string changed;
  for (auto end = bytes.find(line_end); end != std::string_view::npos; end = bytes.find(line_end)) {
    changed += bytes.substr(0, end);
    changed += instead;
    bytes.remove_prefix(end + line_end.size());
  }
  return changed.append(bytes);
}

/// Behind a fault like that no other finds anything to act on.
bool leaves_nothing(const Fault& fault) {
  return fault.type().name == "reply-drop" || fault.type().param("of") != nullptr;
}

}  // namespace

void FaultyPort::saw(at::Time, at::Asker channel, const at::Event& event) {
  channel_ = channel;
  if (const auto* begun = std::get_if<at::event::CommandBegun>(&event)) {
    command_ = begun->line;
  } else if (std::holds_alternative<at::event::LineEnded>(event)) {
    command_.clear();
  } else if (const auto* reply = std::get_if<at::event::Reply>(&event)) {
    unit_ = reply->bytes.size();
    reply_ = true;
    if (reply->asks_for_data) begin_data();
  } else if (const auto* urc = std::get_if<at::event::Unsolicited>(&event)) {
    unit_ = urc->bytes.size();
  } else if (std::holds_alternative<at::event::Transmitted>(event)) {
    online_ = true;
  } else if (const auto* prompt = std::get_if<at::event::Prompted>(&event)) {
    unit_ = prompt->bytes.size();
    prompting_ = true;
    begin_data();
  } else if (std::holds_alternative<at::event::DataEnded>(event)) {
    entering_ = false;
    doom_.reset();
  }
}

void FaultyPort::begin_data() {
  entering_ = true;
  judged_ = false;
  doom_.reset();
}

void FaultyPort::write(std::string_view bytes) {
  if (std::exchange(online_, false)) return say({.bytes = std::string(bytes)});
  const bool is_reply = std::exchange(reply_, false);
  const bool is_prompt = std::exchange(prompting_, false);
  const auto unit_size = std::min(std::exchange(unit_, 0), bytes.size());
  const auto echo = bytes.substr(0, bytes.size() - unit_size);
  const auto acting = acting_on(echo.size(), unit_size, is_reply, is_prompt);
  if (insertions_.empty() && waiting_.empty() && acting.none()) return port_.write(bytes);
  Said said{std::string(echo), std::string(bytes.substr(echo.size()))};
  const bool inserted = insert_into(said, {is_reply, is_prompt, acting.drops()});
  if (!acting.none())
    say_disturbed(std::move(said), acting);
  else if (waiting_.empty() && !inserted)
    port_.write(bytes);
  else
    say({{}, said.echo + said.unit});
  if (unit_size > 0 && can_speak()) say_what_waits();
}

FaultyPort::Acting FaultyPort::acting_on(std::size_t echo, std::size_t unit, bool is_reply,
                                         bool is_prompt) {
  Acting acting;
  if (echo > 0 && faults_.any(Moment::echo)) acting.echo = faults_.acting(Moment::echo, running());
  const auto moment = is_reply ? Moment::reply : Moment::prompt;
  if (unit == 0 || !(is_reply || is_prompt) || !faults_.any(moment)) return acting;
  auto occasion = running();
  occasion.size = unit;
  acting.answer = faults_.acting_until(moment, occasion, leaves_nothing);
  return acting;
}

/// Whether somebody may say something of his own (GRAM-10).
bool FaultyPort::can_speak() const { return terminal_->powered() && terminal_->idle(); }

Occasion FaultyPort::running() const {
  auto occasion = hooks_.describe(command_);
  occasion.now = timeline_.now();
  return occasion;
}

bool FaultyPort::Acting::drops() const {
  return !answer.empty() && answer.back()->type().name == "reply-drop";
}

void FaultyPort::say_disturbed(Said said, const Acting& acting) {
  using How = event::AnswerDisturbed::How;
  if (!said.echo.empty()) {
    at::Duration late{};
    for (const auto* fault : acting.echo) late += fault->ms();
    say({late, std::move(said.echo)});
  }
  if (said.unit.empty()) return;
  if (acting.drops()) {
    hooks_.carried({channel_, {}});
    return hooks_.disturbed({channel_, How::lost});
  }
  for (auto& piece : shaped(std::move(said.unit), acting.answer)) say(std::move(piece));
  if (!waiting_.empty()) hooks_.disturbed({channel_, How::late});
}

std::vector<FaultyPort::Piece> FaultyPort::shaped(std::string reply,
                                                  const std::vector<Fault*>& acting) {
  std::vector<Piece> pieces{{{}, std::move(reply)}};
  for (const auto* fault : acting) {
    if (fault->type().param("of") != nullptr)
      cut(pieces, *fault);
    else
      shape(pieces, *fault);
  }
  return pieces;
}

std::vector<FaultyPort::Piece> FaultyPort::in_pieces(const std::vector<Piece>& pieces,
                                                     std::size_t size, at::Duration pause) {
  std::vector<Piece> smaller;
  for (const auto& piece : pieces) {
    smaller.push_back({piece.after, piece.bytes.substr(0, size)});
    for (auto start = size; start < piece.bytes.size(); start += size)
      smaller.push_back({pause, piece.bytes.substr(start, size)});
    smaller.back().strike = piece.strike;
    smaller.back().joins = piece.joins;
  }
  return smaller;
}

/// A CR goes to the LF of the next piece.
void FaultyPort::join_line_ends(std::vector<Piece>& pieces) {
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
    if (!pieces[i].bytes.ends_with('\r') || !pieces[i + 1].bytes.starts_with('\n')) continue;
    pieces[i].bytes.pop_back();
    pieces[i + 1].bytes.insert(0, 1, '\r');
  }
}

void FaultyPort::shape(std::vector<Piece>& pieces, const Fault& fault) {
  const auto type = fault.type().name;
  auto at = static_cast<std::size_t>(fault.number("at"));
  auto place = pieces.begin();
  for (; place != pieces.end() && at >= place->bytes.size(); ++place) at -= place->bytes.size();
  const bool there = place != pieces.end();
  if (type == "reply-delay") {
    pieces.front().after += fault.ms();
  } else if (type == "reply-corrupt" && there) {
    place->bytes[at] = static_cast<char>(static_cast<unsigned char>(place->bytes[at]) ^ 1U);
  } else if (type == "reply-lost-byte" && there) {
    place->bytes.erase(at, 1);
  } else if (type == "reply-split" && there) {
    Piece rest{fault.ms(), place->bytes.substr(at)};
    rest.joins = std::exchange(place->joins, false);
    place->bytes.resize(at);
    pieces.insert(std::next(place), std::move(rest));
  } else if (type == "reply-pieces") {
    pieces = in_pieces(pieces, static_cast<std::size_t>(fault.number("bytes")), fault.ms());
  } else if (type == "crlf") {
    join_line_ends(pieces);
    const std::string_view instead = fault.text("mode") == "doubled" ? "\r\n\r\n" : "";
    for (auto& piece : pieces) piece.bytes = with_line_ends(piece.bytes, instead);
  } else if (type == "reply-coalesce") {
    pieces.back().after += fault.ms();
    pieces.back().joins = true;
  }
}

/// The answer ends after the fault's bytes, and so does the module.
void FaultyPort::cut(std::vector<Piece>& pieces, const Fault& fault) {
  auto left = static_cast<std::size_t>(fault.number("at_byte"));
  for (auto& piece : pieces) {
    const auto kept = std::min(left, piece.bytes.size());
    piece.bytes.resize(kept);
    left -= kept;
  }
  pieces.push_back({{}, {}, fault.power_loss()});
}

void FaultyPort::module_is_off() {
  host_left();
  waiting_.clear();
  waiting_bytes_ = 0;
  timer_.stop();
  entering_ = false;
  doom_.reset();
}

std::optional<std::string> FaultyPort::busy() const {
  if (!waiting_.empty()) return "an answer is late by a fault";
  if (!held_.empty() || busy_.running()) return "bytes of the host are held by a fault";
  if (!insertions_.empty()) return "a line that was asked for waits for its place";
  return std::nullopt;
}

void FaultyPort::strike(PowerLoss loss) {
  module_is_off();
  hooks_.strike(loss);
}

bool FaultyPort::lets_all_pass() const {
  return !faults_.any(Moment::heard) && !faults_.any(Moment::data) && !doom_ && !busy_.running();
}

void FaultyPort::fault_ended() {
  if (!held_.empty() && lets_all_pass()) pass_on(std::exchange(held_, {}));
}

void FaultyPort::receive(std::string_view bytes) {
  if (lets_all_pass()) {
    if (held_.empty()) return terminal_->receive(bytes);
    held_ += bytes;
    return pass_on(std::exchange(held_, {}));
  }
  // A module that is busy has this much room.
  if (busy_.running() && held_.size() < max_held)
    bytes = bytes.substr(0, max_held - held_.size());
  else if (busy_.running())
    return;
  held_ += bytes;
  take_what_is_held();
}

void FaultyPort::take_what_is_held() {
  while (!held_.empty() && !busy_.running()) {
    if (terminal_->is_online())
      pass_on(std::exchange(held_, {}));
    else if (entering_)
      take_data();
    else if (!take_line())
      return;
  }
}

void FaultyPort::pass_on(std::string_view bytes) {
  hooks_.held({channel_, held_.size()});
  terminal_->receive(bytes);
}

/// The first fault that acts on one of the commands of a line; `body` is what stands behind its AT.
const Fault* FaultyPort::acting_on(std::string_view body) {
  std::vector<std::string> commands;
  for (const auto& call : at::parse_line(body).calls) commands.push_back(at::typed(call));
  if (commands.empty()) commands.emplace_back();
  for (const auto& command : commands) {
    auto occasion = hooks_.describe(command);
    occasion.now = timeline_.now();
    if (const auto* fault = faults_.first_acting(Moment::heard, occasion)) return fault;
  }
  return nullptr;
}

/// False when the line is not complete, or has to wait.
bool FaultyPort::take_line() {
  const auto end = held_.find(terminal_->channel().s3);
  if (end == std::string::npos && held_.size() <= max_held && !is_complete_alone(held_))
    return false;
  const auto size = end == std::string::npos ? held_.size() : end + 1;
  auto line = held_.substr(0, size);
  const auto begin = at::upper(line).find("AT");
  const Fault* acting = nullptr;
  if (begin != std::string::npos && !std::exchange(waited_, false)) {
    acting = acting_on(std::string_view(line).substr(begin + 2, size - begin - 3));
  }
  if (acting != nullptr && acting->type().name == "busy") {
    waited_ = true;
    busy_.start(acting->ms(), [this] { take_what_is_held(); });
    return false;
  }
  if (acting != nullptr) {
    const auto loss = acting->power_loss();
    // It goes down before the line is complete: a command that has run is no longer struck.
    line.resize(std::min(size - 1, begin + static_cast<std::size_t>(acting->number("at_byte"))));
    pass_on(line);
    strike(loss);
    return true;
  }
  held_.erase(0, size);
  pass_on(line);
  return true;
}

void FaultyPort::take_data() {
  if (!std::exchange(judged_, true)) {
    auto occasion = hooks_.describe(command_);
    occasion.now = timeline_.now();
    if (const auto* acting = faults_.first_acting(Moment::data, occasion)) {
      doom_ = acting->power_loss();
      left_ = static_cast<std::size_t>(acting->number("at_byte"));
    }
  }
  if (!doom_) return pass_on(std::exchange(held_, {}));
  const auto part = held_.substr(0, left_);
  held_.erase(0, part.size());
  left_ -= part.size();
  const auto loss = *doom_;
  if (!part.empty()) pass_on(part);
  // Data that are complete before it end the prompt, and with it what waits for them.
  if (left_ == 0) strike(loss);
}

void FaultyPort::say(Piece piece) {
  if (!waiting_.empty() && waiting_.back().joins) {
    auto& last = waiting_.back();
    waiting_bytes_ -= last.bytes.size();
    piece.bytes.insert(0, last.bytes);
    piece.after = {};
    if (waiting_.size() == 1) timer_.stop();
    waiting_.pop_back();
  }
  // The module cannot go down from inside of what it says.
  if (waiting_.empty() && piece.after == at::Duration::zero() && !piece.strike)
    return carry(piece.bytes);
  waiting_bytes_ += piece.bytes.size();
  // Past the limit what waits goes out at once: late bytes are no reason to lose any.
  if (waiting_bytes_ > max_waiting) {
    timer_.stop();
    for (auto& earlier : waiting_) earlier.after = {};
    piece.after = {};
  }
  waiting_.push_back(std::move(piece));
  if (!timer_.running()) say_next();
}

void FaultyPort::carry(std::string_view bytes) {
  if (bytes.empty()) return;
  hooks_.carried({channel_, bytes});
  port_.write(bytes);
}

void FaultyPort::say_next() {
  if (waiting_.empty()) return;
  timer_.start(waiting_.front().after, [this] {
    auto piece = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= piece.bytes.size();
    carry(piece.bytes);
    if (piece.strike) return strike(*piece.strike);
    if (!waiting_.empty()) return say_next();
    hooks_.disturbed({channel_, event::AnswerDisturbed::How::said});
    if (terminal_ != nullptr) terminal_->drained();
  });
}

}  // namespace emulator::faults
