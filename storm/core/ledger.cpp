#include "storm/core/ledger.hpp"

#include <algorithm>

namespace storm {

Ledger::Losses Ledger::sent(std::uint32_t sequence, Time at) {
  Losses losses;
  if (open_.size() == max_open) {
    const auto& oldest = open_.front();
    losses.all = oldest.confirmed ? 1 : 0;
    losses.with_link = oldest.confirmed && oldest.link_lost ? 1 : 0;
    given_up_ = oldest.sequence;
    open_.erase(open_.begin());
  }
  open_.push_back({at.count(), sequence});
  last_ = sequence;
  return losses;
}

void Ledger::confirmed(std::uint32_t sequence) {
  if (const auto entry = find(sequence); entry != open_.end()) entry->confirmed = true;
}

Ledger::Arrived Ledger::arrived(std::uint32_t sequence) {
  if (const auto entry = find(sequence); entry != open_.end()) {
    const Time sent_at(entry->sent_us);
    // A message that comes before its confirmation needs nothing else.
    open_.erase(entry);
    return {Arrival::first, sent_at};
  }
  return {sequence <= given_up_ || sequence > last_ ? Arrival::unknown : Arrival::again};
}

void Ledger::link_lost() {
  for (auto& entry : open_) entry.link_lost = true;
}

std::size_t Ledger::expected(bool session_kept) const {
  return static_cast<std::size_t>(std::count_if(open_.begin(), open_.end(), [&](const auto& entry) {
    return entry.confirmed && (session_kept || !entry.link_lost);
  }));
}

Ledger::Losses Ledger::close() {
  Losses losses;
  for (const auto& entry : open_) {
    losses.all += entry.confirmed ? 1 : 0;
    losses.with_link += entry.confirmed && entry.link_lost ? 1 : 0;
  }
  open_.clear();
  given_up_ = last_;
  return losses;
}

std::vector<Ledger::Entry>::iterator Ledger::find(std::uint32_t sequence) {
  const auto entry = std::lower_bound(
      open_.begin(), open_.end(), sequence,
      [](const Entry& each, std::uint32_t wanted) { return each.sequence < wanted; });
  return entry != open_.end() && entry->sequence == sequence ? entry : open_.end();
}

}  // namespace storm
