#include "emulator/faults/fault.hpp"

#include "mqtt_backend/topic.hpp"

namespace emulator::faults {

bool Condition::holds(const Occasion& occasion) const {
  const auto since_start = occasion.now.time_since_epoch();
  if (from && since_start < *from) return false;
  if (to && since_start > *to) return false;
  if (client && occasion.client != client) return false;
  if (state && occasion.state != *state) return false;
  if (topic && !mqtt_backend::topic_matches(*topic, occasion.topic)) return false;
  return !command || command->found_in(occasion.command);
}

bool Condition::waits_for_something() const { return command || topic || state; }

bool Fault::waits() const {
  return when_.waits_for_something() || (when_.client && !type_->of_links);
}

PowerLoss Fault::power_loss() const { return has("ms") ? PowerLoss{ms()} : PowerLoss{}; }

Moment Fault::moment() const {
  if (type_->param("of") == nullptr) return type_->moment;
  if (text("of") == "prompt") return Moment::prompt;
  if (text("of") == "reply") return Moment::reply;
  if (text("of") == "data") return Moment::data;
  return waits() || has("at_byte") ? Moment::heard : Moment::at_once;
}

bool Fault::acts(const Occasion& occasion) {
  if (spent() || !when_.holds(occasion)) return false;
  if (occasion.size && first_byte() > *occasion.size) return false;
  ++matched_;
  if (when_.nth && matched_ != *when_.nth) return false;
  if (when_.every && matched_ % *when_.every != 0) return false;
  if (when_.probability < 1 && std::uniform_real_distribution<>(0, 1)(draw_) >= when_.probability)
    return false;
  ++applied_;
  return true;
}

/// How many bytes there have to be for it to act.
std::size_t Fault::first_byte() const {
  if (type_->param("at") != nullptr) return static_cast<std::size_t>(number("at")) + 1;
  return type_->param("of") != nullptr ? static_cast<std::size_t>(number("at_byte")) : 0;
}

std::int64_t Fault::number(std::string_view param) const {
  const auto found = numbers_.find(param);
  return found == numbers_.end() ? 0 : found->second;
}

const std::string& Fault::text(std::string_view param) const {
  static const std::string none;
  const auto found = texts_.find(param);
  return found == texts_.end() ? none : found->second;
}

bool Fault::has(std::string_view param) const {
  return numbers_.find(param) != numbers_.end() || texts_.find(param) != texts_.end();
}

}  // namespace emulator::faults
