// What the module keeps over power-off, all of it: settings, profiles and files, as they go into a
// snapshot and come out of one. Plain values; used by save() and restore().
#pragma once

#include "at_engine/memo.hpp"
#include "emulator/module/modem.hpp"

#include <map>
#include <optional>
#include <string>

namespace emulator::snapshot {

struct Stores {
  device::Nvram::Settings settings;
  std::map<std::string, at::Profile> profiles;
  std::map<std::string, std::string> files;  // contents by name
};

/// What is there now; nothing when a file cannot be read, whose name is in `unread` then.
[[nodiscard]] std::optional<Stores> stores_of(const Modem& modem, std::string& unread);

/// What belongs to the card of the modem is written down without the card's number, so that another
/// card may take it.
void snapshot(at::Memo& memo, Stores& stores, const std::string& iccid);

/// Puts `stores` in place of what is there, changing what differs. False when that cannot be
/// stored; what was there is there again.
[[nodiscard]] bool replace(const Modem& modem, const Stores& stores);

}  // namespace emulator::snapshot
