#include "emulator/device/sms/sms_store.hpp"

#include "at_engine/text.hpp"
#include "codec/digest.hpp"
#include "codec/json_text.hpp"

#include <nlohmann/json.hpp>

namespace emulator::device::sms {
namespace {

constexpr int last_place = 255;  // that the commands can name

}  // namespace

void Store::load(int capacity) {
  capacity_ = capacity;
  messages_.clear();
  const auto stored = nvram_.get(key_);
  if (!stored) return;
  const auto list = codec::parse_json(*stored);
  try {
    std::map<int, Stored> messages;
    for (const auto& entry : list) {
      const int place = entry.at(0);
      const int status = entry.at(1);
      const auto smsc = at::unhex(entry.at(2).get<std::string>());
      const auto tpdu = at::unhex(entry.at(3).get<std::string>());
      if (place < 0 || place > last_place || status < 0 || status > 3 || !smsc || !tpdu) continue;
      messages[place] = {static_cast<Status>(status), *smsc, *tpdu};
    }
    messages_ = std::move(messages);
  } catch (const nlohmann::json::exception&) {
    // What cannot be read is an empty memory.
    return;
  }
}

bool Store::save(const std::map<int, Stored>& messages) {
  auto list = nlohmann::json::array();
  for (const auto& [index, message] : messages)
    list.push_back(
        {index, static_cast<int>(message.status), at::hex(message.smsc), at::hex(message.tpdu)});
  if (!nvram_.set(key_, list.dump())) return false;
  messages_ = messages;
  return true;
}

const Stored* Store::find(int index) const {
  const auto found = messages_.find(index);
  return found == messages_.end() ? nullptr : &found->second;
}

std::optional<int> Store::add(Stored message) {
  if (full()) return std::nullopt;
  int index = 0;
  while (messages_.count(index) != 0) ++index;
  auto changed = messages_;
  changed[index] = std::move(message);
  if (!save(changed)) return std::nullopt;
  return index;
}

bool Store::set_status(int index, Status status) {
  auto changed = messages_;
  changed.at(index).status = status;
  return save(changed);
}

bool Store::remove(int index) {
  auto changed = messages_;
  changed.erase(index);
  return save(changed);
}

bool Store::remove_all(const std::function<bool(Status)>& goes) {
  auto changed = messages_;
  const auto removed =
      std::erase_if(changed, [&](const auto& entry) { return goes(entry.second.status); });
  return removed == 0 || save(changed);
}

}  // namespace emulator::device::sms
