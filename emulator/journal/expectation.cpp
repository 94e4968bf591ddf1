#include "emulator/journal/expectation.hpp"

#include "codec/json_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace emulator::journal {
namespace {

using nlohmann::json;

constexpr std::int64_t most_count = 1'000'000;

std::optional<std::size_t> count_in(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  const auto number = codec::whole_number(*found);
  if (!number || *number < 0 || *number > most_count) return std::nullopt;
  return static_cast<std::size_t>(*number);
}

}  // namespace

std::variant<Wanted, std::string> Wanted::parse(const json& object) {
  Wanted wanted;
  if (!object.is_object()) return "must be an object";
  const auto name = object.value("kind", json());
  const auto kind = name.is_string() ? kind_of(name.get<std::string>()) : std::nullopt;
  if (!kind) return "kind: must be one of the journal's kinds";
  wanted.kind_ = *kind;
  wanted.object_ = object;
  for (const auto& [key, value] : object.items()) {
    if (key == "kind") continue;
    if (!value.is_string()) {
      wanted.equals_.emplace_back(key, value);
      continue;
    }
    auto pattern = faults::Pattern::compile(value.get<std::string>());
    if (const auto* wrong = std::get_if<std::string>(&pattern)) return key + ": " + *wrong;
    wanted.patterns_.emplace_back(key, std::move(std::get<faults::Pattern>(pattern)));
  }
  return wanted;
}

std::string Wanted::misfit(const json& event) const {
  for (const auto& [key, pattern] : patterns_) {
    const auto found = event.find(key);
    if (found == event.end()) return key + " is not there";
    const auto text = found->is_string() ? found->get<std::string>() : found->dump();
    if (!pattern.found_in(text)) return fmt::format("{} is {}", key, found->dump());
  }
  for (const auto& [key, value] : equals_) {
    const auto found = event.find(key);
    if (found == event.end()) return key + " is not there";
    if (*found != value) return fmt::format("{} is {}", key, found->dump());
  }
  return {};
}

std::variant<Expectation, Expectation::Refusal> Expectation::parse(const json& body) {
  Expectation expectation;
  expectation.ordered_ = body.value("ordered", false);
  for (const auto* list : {"all", "none"}) {
    const auto members = body.value(list, json::array());
    if (members.size() > most_members) return Refusal{list, "more than 100 members"};
    for (std::size_t i = 0; i < members.size(); ++i) {
      auto wanted = Wanted::parse(members[i]);
      if (const auto* wrong = std::get_if<std::string>(&wanted))
        return Refusal{fmt::format("{}[{}]", list, i), *wrong};
      auto& made = std::get<Wanted>(wanted);
      if (list == std::string_view("all"))
        expectation.all_.push_back({std::move(made)});
      else
        expectation.none_.push_back(std::move(made));
    }
  }
  const auto count = body.find("count");
  if (count != body.end()) {
    if (expectation.all_.size() != 1) return Refusal{"count", "goes with a single member of all"};
    expectation.least_ = count_in(*count, "min").value_or(1);
    expectation.most_ = count_in(*count, "max");
    if (expectation.most_ && *expectation.most_ < expectation.least_)
      return Refusal{"count.max",
                     body.at("count").contains("min")
                         ? "must not be less than min"
                         : "must not be less than min, which is 1; what must not come at all "
                           "belongs in none"};
  }
  return expectation;
}

bool Expectation::complete(const Member& member) const { return member.matched.size() >= least_; }

bool Expectation::all_met() const {
  return std::all_of(all_.begin(), all_.end(),
                     [this](const Member& member) { return complete(member); });
}

Expectation::State Expectation::see(const Event& event) {
  if (state_ != State::open) return state_;
  const bool concerns =
      std::any_of(all_.begin(), all_.end(),
                  [&](const Member& member) { return member.wanted.kind() == event.kind; }) ||
      std::any_of(none_.begin(), none_.end(),
                  [&](const Wanted& wanted) { return wanted.kind() == event.kind; });
  if (!concerns) return state_;
  const auto shown = to_json(event);
  for (const auto& wanted : none_) {
    if (wanted.kind() != event.kind || !wanted.misfit(shown).empty()) continue;
    offence_ = {event.seq, fmt::format("it was not to come: {}", wanted.as_asked().dump())};
    return state_ = State::failed;
  }
  match(event, shown);
  // With a most, or with nothing to wait for, only the end tells.
  if (!all_.empty() && !most_ && all_met()) state_ = State::met;
  if (most_ && all_.front().matched.size() > *most_) state_ = State::failed;
  return state_;
}

void Expectation::match(const Event& event, const json& shown) {
  if (!ordered_ && all_.size() > 1) return match_any(event, shown);
  for (auto& member : all_) {
    if (complete(member) && !most_) continue;
    if (fits(member, event, shown)) member.matched.push_back(event.seq);
    return;
  }
}

bool Expectation::fits(Member& member, const Event& event, const json& shown) {
  if (member.wanted.kind() != event.kind) return false;
  auto why = member.wanted.misfit(shown);
  if (why.empty()) return true;
  member.near.push_back({event.seq, std::move(why)});
  if (member.near.size() > most_nearest) member.near.erase(member.near.begin());
  return false;
}

/// An event that fits several members must not take the place that only another one can have.
void Expectation::match_any(const Event& event, const json& shown) {
  std::vector<std::size_t> fitting;
  for (std::size_t i = 0; i < all_.size(); ++i)
    if (fits(all_[i], event, shown)) fitting.push_back(i);
  if (fitting.empty()) return;
  fits_[event.seq] = std::move(fitting);
  std::vector<bool> tried(all_.size());
  if (!place(event.seq, tried)) fits_.erase(event.seq);
}

/// Gives an event to a member that it fits, and where that has one already, that one to another.
bool Expectation::place(std::uint64_t seq, std::vector<bool>& tried) {
  for (const auto i : fits_.at(seq)) {
    if (tried[i]) continue;
    tried[i] = true;
    auto& matched = all_[i].matched;
    if (!matched.empty() && !place(matched.front(), tried)) continue;
    matched = {seq};
    return true;
  }
  return false;
}

Expectation::State Expectation::end() {
  if (state_ == State::open) state_ = all_met() ? State::met : State::failed;
  return state_;
}

json Expectation::verdict() const {
  if (state_ == State::met) {
    auto matched = json::array();
    for (const auto& member : all_)
      for (const auto seq : member.matched) matched.push_back(seq);
    return {{"matched", matched}};
  }
  auto missing = json::array();
  auto nearest = json::array();
  if (offence_) nearest.push_back({{"seq", offence_->first}, {"why", offence_->second}});
  for (const auto& member : all_) {
    if (complete(member) && !(most_ && member.matched.size() > *most_)) continue;
    missing.push_back(member.wanted.as_asked());
    for (const auto& near : member.near) nearest.push_back({{"seq", near.seq}, {"why", near.why}});
    if (member.matched.empty()) continue;
    nearest.push_back({{"seq", member.matched.back()},
                       {"why", fmt::format("it came {} times", member.matched.size())}});
  }
  return {{"missing", missing}, {"nearest", nearest}};
}

}  // namespace emulator::journal
