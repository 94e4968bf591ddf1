// One memory for short messages, "SM" or "ME": places with a status and the octets of a message,
// kept in flash. Owned by Sms.
#pragma once

#include "emulator/device/settings/nvram.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace emulator::device::sms {

/// As 27.005 numbers them.
enum class Status { received_unread = 0, received_read = 1, stored_unsent = 2, stored_sent = 3 };

struct Stored {
  Status status = Status::received_unread;
  std::string smsc;  // the service centre's address, as it comes before the message in a PDU
  std::string tpdu;
};

class Store {
 public:
  /// `key` is its name in flash.
  Store(Nvram& nvram, std::string key) : nvram_(nvram), key_(std::move(key)) {}

  /// Takes over what flash holds, `capacity` places.
  void load(int capacity);

  [[nodiscard]] int capacity() const { return capacity_; }
  [[nodiscard]] int used() const { return static_cast<int>(messages_.size()); }
  [[nodiscard]] bool full() const { return used() >= capacity_; }
  [[nodiscard]] const std::map<int, Stored>& messages() const { return messages_; }
  [[nodiscard]] const Stored* find(int index) const;

  /// The place taken; nothing when it is full or flash fails.
  std::optional<int> add(Stored message);
  /// False when flash fails; nothing has changed then.
  bool set_status(int index, Status status);
  bool remove(int index);
  /// Removes all that have a status of which `goes` is true.
  bool remove_all(const std::function<bool(Status)>& goes);

 private:
  bool save(const std::map<int, Stored>& messages);

  Nvram& nvram_;
  std::string key_;
  int capacity_ = 0;
  std::map<int, Stored> messages_;
};

}  // namespace emulator::device::sms
