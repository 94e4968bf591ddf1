#include "emulator/faults/fault_set.hpp"

#include "codec/json_text.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace emulator::faults {
namespace {

bool always(const Fault& /*fault*/) { return true; }
bool never(const Fault& /*fault*/) { return false; }

}  // namespace

std::variant<const Fault*, Refusal> FaultSet::add(const nlohmann::json& object, at::Time now) {
  if (faults_.size() >= most) return Refusal{"", fmt::format("there are {} faults already", most)};
  std::string unnamed;
  do unnamed = fmt::format("fault{}", ++unnamed_);
  while (find(unnamed) != nullptr);
  auto parsed = Fault::parse(object, unnamed);
  if (auto* wrong = std::get_if<Refusal>(&parsed)) return std::move(*wrong);
  auto& fault = std::get<Fault>(parsed);
  if (find(fault.name()) != nullptr) return Refusal{"name", ""};
  faults_.push_back(std::move(fault));
  auto& added = faults_.back();
  const bool at_once = added.moment() == Moment::at_once && !added.waits();
  const auto& from = added.when().from;
  if (at_once && from && *from > now.time_since_epoch())
    hooks_.wait(added);
  else if (at_once)
    wake(added, now);
  return &added;
}

void FaultSet::begin(Fault& fault, const Occasion& occasion) {
  if (!fault.acts(occasion)) return;
  hooks_.applied(fault, occasion);
  hooks_.begin(fault, occasion);
}

bool FaultSet::remove(const std::string& name) {
  const auto found = std::find_if(faults_.begin(), faults_.end(),
                                  [&](const Fault& fault) { return fault.name() == name; });
  if (found == faults_.end()) return false;
  std::list<Fault> gone;
  gone.splice(gone.end(), faults_, found);
  hooks_.end(gone.front());
  return true;
}

void FaultSet::clear() {
  while (!faults_.empty()) remove(faults_.front().name());
}

const Fault* FaultSet::find(const std::string& name) const {
  const auto found = std::find_if(faults_.begin(), faults_.end(),
                                  [&](const Fault& fault) { return fault.name() == name; });
  return found == faults_.end() ? nullptr : &*found;
}

template <class Concerns, class Ends>
std::vector<Fault*> FaultSet::collect(Moment moment, const Occasion& occasion,
                                      const Concerns& concerns, const Ends& ends) {
  std::vector<Fault*> acting;
  for (auto& fault : faults_) {
    if (fault.moment() != moment || !concerns(fault) || !fault.acts(occasion)) continue;
    hooks_.applied(fault, occasion);
    acting.push_back(&fault);
    if (ends(fault)) break;
  }
  return acting;
}

std::vector<Fault*> FaultSet::acting(Moment moment, const Occasion& occasion) {
  return collect(moment, occasion, always, never);
}

std::vector<Fault*> FaultSet::acting(Moment moment, const Occasion& occasion,
                                     const std::function<bool(const Fault&)>& concerns) {
  return collect(moment, occasion, concerns, never);
}

std::vector<Fault*> FaultSet::acting_until(Moment moment, const Occasion& occasion,
                                           bool (*ends)(const Fault&)) {
  return collect(moment, occasion, always, ends);
}

Fault* FaultSet::first_acting(Moment moment, const Occasion& occasion) {
  const auto acting = collect(moment, occasion, always, always);
  return acting.empty() ? nullptr : acting.front();
}

void FaultSet::begin_waiting(const Occasion& occasion) {
  for (auto& fault : faults_)
    if (fault.moment() == Moment::at_once && fault.waits()) begin(fault, occasion);
}

bool FaultSet::any(Moment moment) const {
  return std::any_of(faults_.begin(), faults_.end(), [&](const Fault& fault) {
    return fault.moment() == moment && !fault.spent();
  });
}

std::optional<std::string> add_all(FaultSet& set, const std::string& text, at::Time now) {
  const auto document = codec::parse_json(text);
  if (document.is_discarded()) return "it " + codec::why_no_json(text);
  const auto list = document.is_array() ? document : nlohmann::json::array({document});
  std::size_t number = 0;
  for (const auto& object : list) {
    ++number;
    const auto added = set.add(object, now);
    const auto* wrong = std::get_if<Refusal>(&added);
    if (wrong == nullptr) continue;
    return fmt::format("fault {}: {}{}{}", number, wrong->field, wrong->field.empty() ? "" : ": ",
                       wrong->detail.empty() ? "there is one of that name already" : wrong->detail);
  }
  return std::nullopt;
}

std::optional<std::string> complaint_about(const std::string& text) {
  FaultSet trial({[](const auto&, const auto&) {}, [](auto&) {}, [](auto&, const auto&) {},
                  [](const auto&) {}});
  return add_all(trial, text, {});
}

}  // namespace emulator::faults
