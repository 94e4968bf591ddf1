#include "emulator/lint/reading.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace emulator::lint {

void Reading::saw(at::Time at, int client_idx, const mqtt_backend::Event& event) {
  namespace seen = mqtt_backend::event;
  using State = mqtt_backend::ClientState;
  auto& buffer = buffers_[client_idx];
  if (const auto* stored = std::get_if<seen::MessageStored>(&event)) {
    buffer.unread[stored->recv_id] = at;
  } else if (const auto* read = std::get_if<seen::MessageRead>(&event)) {
    buffer.unread.erase(read->recv_id);
    if (buffer.unread.empty()) buffer = {};
  } else if (std::holds_alternative<seen::MessageDropped>(event)) {
    ++buffer.dropped;
    if (waited_long(at, buffer)) tell(at, client_idx, buffer);
  } else if (const auto* changed = std::get_if<seen::StateChanged>(&event)) {
    const bool by_host = changed->to == State::disconnecting || changed->to == State::closing;
    if (by_host && (buffer.dropped > 0 || waited_long(at, buffer))) tell(at, client_idx, buffer);
    if (by_host || changed->to == State::idle) buffer = {};
  }
}

void Reading::end(at::Time at) {
  for (auto& [client, buffer] : buffers_)
    if (buffer.dropped > 0 || waited_long(at, buffer)) tell(at, client, buffer);
}

bool Reading::waited_long(at::Time at, const Buffer& buffer) {
  return std::any_of(buffer.unread.begin(), buffer.unread.end(),
                     [at](const auto& each) { return at - each.second >= reading_time; });
}

void Reading::tell(at::Time at, int client_idx, Buffer& buffer) const {
  if (buffer.reported) return;
  buffer.reported = true;
  auto text = fmt::format("client {} has stored messages that were not read: {}", client_idx,
                          buffer.unread.size());
  if (buffer.dropped > 0)
    text += fmt::format("; behind them, {} found no slot and are lost", buffer.dropped);
  report({Rule::messages_never_read, at, {}, client_idx, std::move(text), {}});
}

}  // namespace emulator::lint
