#include "mqtt_backend/link/qos2_store.hpp"

#include <iterator>

namespace mqtt_backend {

bool Qos2Store::keep(const Packet& publish) {
  const std::uint16_t id = id_of(publish);
  if (const auto old = entries_.find(id); old != entries_.end()) erase(old);
  if (bytes_ + publish.size() > max_bytes) return false;
  bytes_ += publish.size();
  entries_[id] = Entry{publish};
  return true;
}

Qos2Store::Release Qos2Store::release(std::uint16_t id) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.released) return Release::unknown;
  found->second.released = true;
  return found->second.here ? Release::here : Release::inherited;
}

void Qos2Store::delivered(std::uint16_t id) {
  if (const auto found = entries_.find(id); found != entries_.end()) found->second.delivered = true;
}

void Qos2Store::finish(std::uint16_t id) {
  const auto found = entries_.find(id);
  if (found != entries_.end() && found->second.released) erase(found);
}

const Packet* Qos2Store::find(std::uint16_t id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second.publish;
}

void Qos2Store::next_link() {
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto next = std::next(entry);
    if (entry->second.delivered) {
      erase(entry);
    } else {
      entry->second.here = false;
      entry->second.released = false;
    }
    entry = next;
  }
}

void Qos2Store::clear() {
  entries_.clear();
  bytes_ = 0;
}

void Qos2Store::erase(std::map<std::uint16_t, Entry>::iterator entry) {
  bytes_ -= entry->second.publish.size();
  entries_.erase(entry);
}

}  // namespace mqtt_backend
