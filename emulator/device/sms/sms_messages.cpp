// Short messages sent, stored, listed, read and deleted.
#include "at_engine/cme.hpp"
#include "at_engine/text.hpp"
#include "emulator/device/sms/sms.hpp"
#include "emulator/device/sms/sms_number.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Outcome;
using sms::Message;
using sms::Status;
using sms::Stored;

constexpr std::array<std::string_view, 4> status_names{"REC UNREAD", "REC READ", "STO UNSENT",
                                                       "STO SENT"};

std::optional<Message> message_of(const Stored& stored) {
  const bool received =
      stored.status == Status::received_unread || stored.status == Status::received_read;
  return sms::parse(stored.tpdu, received);
}

/// <vp> of 27.005 3.1: the number of a relative period, the time of an absolute one, hex digits of
/// an enhanced one.
std::string shown_validity(const Message& message) {
  constexpr int absolute = 0x18;
  if (message.validity) return std::to_string(*message.validity);
  if (message.validity_field.empty()) return {};
  const bool is_time = (message.first_octet & absolute) == absolute;
  return fmt::format("\"{}\"", is_time ? sms::shown_time(message.validity_field)
                                       : at::hex(message.validity_field, at::HexCase::upper));
}

}  // namespace

Outcome Sms::send(const at::Args& args) {
  if (!parts_.network.registered() && obstacle() == 0) {
    constexpr int no_network = 331;
    return Outcome::cms(no_network);
  }
  return ask(args, transmitting(), std::nullopt);
}

Outcome Sms::send_part(const at::Args& args) {
  if (!settings_.text_form) return Outcome::cms(at::cms::not_allowed);
  if (!args.given_from(2)) return send(args);
  if (!args.given_all(2, 4)) return Outcome::cms(at::cms::not_allowed);
  const Segment segment{args.number(2), args.number(3), args.number(4)};
  if (segment.part < 1 || segment.total < 1 || segment.part > segment.total)
    return Outcome::cms(at::cms::not_allowed);
  if (!parts_.network.registered() && obstacle() == 0) {
    constexpr int no_network = 331;
    return Outcome::cms(no_network);
  }
  return ask(args, transmitting(), segment);
}

Outcome Sms::write_empty() {
  if (!settings_.text_form) return Outcome::cms(at::cms::not_allowed);
  if (const int error = obstacle()) return Outcome::cms(error);
  at::Prompt prompt;
  prompt.ending = at::Prompt::Ending::ctrl_z;
  prompt.length = 2048;
  prompt.then = [this](const std::string& bytes) {
    const auto message = from_text({}, bytes, std::nullopt);
    return message ? keep(*message, {}, Status::stored_unsent)
                   : Outcome::cms(at::cms::invalid_text);
  };
  return Outcome::prompt(std::move(prompt));
}

Outcome Sms::write(const at::Args& args) {
  auto status = Status::stored_unsent;
  // In PDU form the second parameter is the status.
  if (!settings_.text_form && args.given(1)) {
    if (args.number(1) < 2 || args.number(1) > 3) return Outcome::cms(at::cms::not_allowed);
    status = static_cast<Status>(args.number(1));
  }
  if (args.given(2)) {
    const auto name = std::find(status_names.begin() + 2, status_names.end(), args.text(2));
    if (!settings_.text_form || name == status_names.end())
      return Outcome::cms(at::cms::not_allowed);
    status = static_cast<Status>(name - status_names.begin());
  }
  return ask(args, keeping(status), std::nullopt);
}

Outcome Sms::send_stored(const at::Args& args) {
  if (const int error = obstacle()) return Outcome::cms(error);
  const int place = args.number(0);
  const auto* stored = memory(1).find(place);
  if (stored == nullptr) return Outcome::cms(at::cms::invalid_index);
  auto message = message_of(*stored);
  const bool sendable =
      stored->status == Status::stored_unsent || stored->status == Status::stored_sent;
  if (!message || !sendable) return Outcome::cms(at::cms::not_allowed);
  if (args.given(1)) {
    const auto number = sms::dialled(args, 1, settings_.charset);
    if (!number) return Outcome::cms(at::cms::invalid_text);
    message->number = *number;
  }
  if (message->number.empty()) return Outcome::cms(at::cms::not_allowed);
  auto outcome = submit("+CMSS", *message);
  if (outcome.kind() == Outcome::Kind::ok || outcome.kind() == Outcome::Kind::later)
    memory(1).set_status(place, Status::stored_sent);
  return outcome;
}

Outcome Sms::list_unread() {
  if (const int error = obstacle()) return Outcome::cms(error);
  std::vector<std::string> lines;
  const auto messages = memory(0).messages();
  for (const auto& [place, stored] : messages) {
    if (stored.status != Status::received_unread) continue;
    for (auto& line : listed(place, stored)) lines.push_back(std::move(line));
    memory(0).set_status(place, Status::received_read);
  }
  return Outcome::ok(std::move(lines));
}

Outcome Sms::list(const at::Args& args) {
  if (const int error = obstacle()) return Outcome::cms(error);
  constexpr std::size_t everything = 4;
  std::size_t wanted = everything + 1;
  if (settings_.text_form) {
    const auto name = std::find(status_names.begin(), status_names.end(), args.text(0));
    if (args.text(0) == "ALL" || name != status_names.end())
      wanted = static_cast<std::size_t>(name - status_names.begin());
  } else if (const auto typed = at::parse_number(args.text(0)); typed && *typed >= 0) {
    wanted = static_cast<std::size_t>(*typed);
  }
  if (wanted > everything) return Outcome::cms(at::cms::not_allowed);
  std::vector<std::string> lines;
  const auto messages = memory(0).messages();
  for (const auto& [place, stored] : messages) {
    if (wanted != everything && static_cast<std::size_t>(stored.status) != wanted) continue;
    for (auto& line : listed(place, stored)) lines.push_back(std::move(line));
    if (stored.status == Status::received_unread)
      memory(0).set_status(place, Status::received_read);
  }
  return Outcome::ok(std::move(lines));
}

std::vector<std::string> Sms::listed(int place, const Stored& stored) const {
  const auto status = static_cast<std::size_t>(stored.status);
  if (!settings_.text_form)
    return {fmt::format("+CMGL: {},{},,{}", place, status, stored.tpdu.size()),
            at::hex(stored.smsc + stored.tpdu, at::HexCase::upper)};
  const auto message = message_of(stored);
  if (!message) return {};
  if (message->report)
    return {
        fmt::format("+CMGL: {},\"{}\",{}", place, status_names[status], report_fields(*message))};
  auto line = fmt::format("+CMGL: {},\"{}\",\"{}\",,{}", place, status_names[status],
                          shown_number(message->number),
                          message->time.empty() ? "" : fmt::format("\"{}\"", message->time));
  if (settings_.details) line += fmt::format(",{},{}", message->type_of_number, message->length);
  return {std::move(line), shown_text(*message)};
}

std::vector<std::string> Sms::shown(std::string_view name, const Stored& stored,
                                    bool with_segment) const {
  const auto status = static_cast<std::size_t>(stored.status);
  if (!settings_.text_form)
    return {fmt::format("{}: {},,{}", name, status, stored.tpdu.size()),
            at::hex(stored.smsc + stored.tpdu, at::HexCase::upper)};
  const auto message = message_of(stored);
  if (!message) return {};
  if (message->report)
    return {fmt::format("{}: \"{}\",{}", name, status_names[status], report_fields(*message))};
  auto line =
      fmt::format("{}: \"{}\",\"{}\",", name, status_names[status], shown_number(message->number));
  if (!message->submit) line += fmt::format(",\"{}\"", message->time);
  if (settings_.details) {
    line += fmt::format(",{},{},{},{}", message->type_of_number, message->first_octet, message->pid,
                        message->dcs);
    if (message->submit) line += ',' + shown_validity(*message);
    const auto number = smsc();
    line += fmt::format(",\"{}\",{},{}", shown_number(number), number[0] == '+' ? 145 : 129,
                        message->length);
  }
  const auto& header = message->header;
  const bool part = header.size() == 5 && header[0] == 0;
  if (with_segment && part)
    line += fmt::format(",{},{},{}", static_cast<unsigned char>(header[2]),
                        static_cast<int>(header[4]), static_cast<int>(header[3]));
  return {std::move(line), shown_text(*message)};
}

Outcome Sms::read_as(std::string_view name, int place, bool with_segment) {
  if (const int error = obstacle()) return Outcome::cms(error);
  const auto* stored = memory(0).find(place);
  if (stored == nullptr) return Outcome::cms(at::cms::invalid_index);
  auto lines = shown(name, *stored, with_segment);
  if (stored->status == Status::received_unread) memory(0).set_status(place, Status::received_read);
  return Outcome::ok(std::move(lines));
}

Outcome Sms::read(const at::Args& args) { return read_as("+CMGR", args.number(0), false); }

Outcome Sms::read_part(const at::Args& args) {
  if (!settings_.text_form) return Outcome::cms(at::cms::not_allowed);
  return read_as("+QCMGR", args.number(0), true);
}

Outcome Sms::removal_ranges() {
  if (const int error = obstacle()) return Outcome::cms(error);
  std::vector<int> places;
  for (const auto& [place, stored] : memory(0).messages()) places.push_back(place);
  return Outcome::ok(fmt::format("+CMGD: ({}),(0-4)", fmt::join(places, ",")));
}

Outcome Sms::remove(const at::Args& args) {
  if (const int error = obstacle()) return Outcome::cms(error);
  auto& store = memory(0);
  const int flag = args.number_or(1, 0);
  if (flag == 0) {
    if (store.find(args.number(0)) == nullptr) return Outcome::cms(at::cms::invalid_index);
    return store.remove(args.number(0)) ? Outcome::ok() : Outcome::cms(at::cms::memory_failure);
  }
  const auto goes = [flag](Status status) {
    switch (status) {
      case Status::received_unread:
        return flag == 4;
      case Status::received_read:
        return true;
      case Status::stored_sent:
        return flag >= 2;
      case Status::stored_unsent:
        return flag >= 3;
    }
    return false;
  };
  return store.remove_all(goes) ? Outcome::ok() : Outcome::cms(at::cms::memory_failure);
}

// reading: the lowest bit of the first octet is place 0, five octets as in the manual's example
std::string Sms::map(const std::string& status) const {
  constexpr int places = 40;
  const auto name = std::find(status_names.begin(), status_names.end(), status);
  if (name == status_names.end()) return {};
  const auto wanted = static_cast<Status>(name - status_names.begin());
  const auto& store = settings_.memories[0] == Memory::sim ? sim_store_ : module_store_;
  std::string octets;
  for (int place = 0; place < places; ++place) {
    if (place % 8 == 0) octets += '\0';
    const auto* const stored = store.find(place);
    if (stored == nullptr || stored->status != wanted) continue;
    auto& octet = octets.back();
    octet = static_cast<char>(static_cast<unsigned char>(octet) | 1U << (place % 8));
  }
  return at::hex(octets, at::HexCase::upper);
}

}  // namespace emulator::device
