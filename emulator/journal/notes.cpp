#include "emulator/journal/notes.hpp"

#include <algorithm>
#include <type_traits>
#include <variant>

namespace emulator::journal {
namespace {

/// Calls `action` with each view of an event.
template <class Event, class Action>
void each_view(Event& event, const Action& action) {
  const auto if_view = [&](auto& member) {
    if constexpr (std::is_same_v<std::decay_t<decltype(member)>, std::string_view>) action(member);
  };
  if constexpr (requires { event.bytes; }) if_view(event.bytes);
  if constexpr (requires { event.name; }) if_view(event.name);
  if constexpr (requires { event.line; }) if_view(event.line);
  if constexpr (requires { event.why; }) if_view(event.why);
}

}  // namespace

void Notes::saw(at::Time at, at::Asker channel, const at::Event& event) {
  std::size_t size = 0;
  const auto add = [&](std::string_view view) { size += view.size(); };
  std::visit([&](const auto& each) { each_view(each, add); }, event);
  if (notes_.size() == most || size > limit - used_) show();
  if (size > limit) return onlooker_.saw(at, channel, event);
  auto& note = notes_.emplace_back(Note{at, channel, event});
  const auto keep = [&](std::string_view& view) { view = kept(view); };
  std::visit([&](auto& each) { each_view(each, keep); }, note.event);
  if (notes_.size() == 1 && filled_) filled_();
}

void Notes::saw(at::Time at, int client_idx, const mqtt_backend::Event& event) {
  show();
  onlooker_.saw(at, client_idx, event);
}

void Notes::saw(at::Time at, const device::Event& event) {
  show();
  onlooker_.saw(at, event);
}

void Notes::saw(at::Time at, const emulator::event::FaultApplied& event) {
  show();
  onlooker_.saw(at, event);
}

void Notes::saw(at::Time at, const emulator::event::AnswerDisturbed& event) {
  show();
  onlooker_.saw(at, event);
}

void Notes::saw(at::Time at, const emulator::event::LineCarried& event) {
  show();
  onlooker_.saw(at, event);
}

void Notes::saw(at::Time at, const emulator::event::HostBytesHeld& event) {
  show();
  onlooker_.saw(at, event);
}

void Notes::show_one() {
  const auto& note = notes_[shown_++];
  onlooker_.saw(note.at, note.channel, note.event);
  if (shown_ < notes_.size()) return;
  notes_.clear();
  shown_ = used_ = 0;
}

std::string_view Notes::kept(std::string_view text) {
  auto* const place = bytes_.data() + used_;
  std::copy(text.begin(), text.end(), place);
  used_ += text.size();
  return {place, text.size()};
}

}  // namespace emulator::journal
