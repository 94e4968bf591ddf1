// The commands for short messages.
#include "emulator/device/sms.hpp"
#include "ssl_ctx/digest.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::choice;
using at::Command;
using at::number;
using at::Outcome;
using at::TestForm;
using at::text;
using sms::Charset;
using sms::Message;
using sms::Status;
using sms::Stored;
using namespace std::chrono_literals;

constexpr int cms_operation_not_allowed = 302;
constexpr int cms_invalid_text = 305;
constexpr int cms_memory_failure = 320;
constexpr int cms_invalid_index = 321;
constexpr int cms_nothing_to_acknowledge = 340;
constexpr int cme_incorrect_parameters = 50;
constexpr at::Duration send_limit = 120s;
constexpr std::array<std::string_view, 4> status_names{"REC UNREAD", "REC READ", "STO UNSENT",
                                                       "STO SENT"};
constexpr at::Param memory_name = text("mem", 2, 2);
constexpr at::Param destination = text("da", 1, 84);
constexpr at::Param type_of_number = number("toda", 0, 255).optional();
constexpr at::Param index = number("index", 0, 255);

std::string upper_hex(const std::string& octets) {
  auto digits = ssl_ctx::hex(octets);
  std::transform(digits.begin(), digits.end(), digits.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return digits;
}

std::optional<Message> message_of(const Stored& stored) {
  const bool received =
      stored.status == Status::received_unread || stored.status == Status::received_read;
  return sms::parse(stored.tpdu, received);
}

}  // namespace

const std::array<Command<Sms>, 19>& Sms::commands() {
  static constexpr std::array<Command<Sms>, 19> table{{
      {.name = "+CMGF",
       .params = {choice("mode", {0, 1}).optional()},
       .read = &Sms::get_form,
       .write = &Sms::set_form,
       .bare = true,
       .section = "8.3",
       .summary = "Messages as PDU (0) or text (1)"},
      {.name = "+CSMS",
       .params = {choice("service", {0, 1})},
       .read = &Sms::get_service,
       .write = &Sms::set_service,
       .section = "8.1",
       .summary = "Message service"},
      {.name = "+CPMS",
       .params = {memory_name, memory_name.optional(), memory_name.optional()},
       .read = &Sms::get_memories,
       .write = &Sms::set_memories,
       .shown = "(\"SM\",\"ME\"),(\"SM\",\"ME\"),(\"SM\",\"ME\")",
       .section = "8.6",
       .summary = "Memories to read, to write, to receive into"},
      {.name = "+CNMI",
       .params = {number("mode", 0, 2).optional(), number("mt", 0, 3).optional(),
                  choice("bm", {0, 2}).optional(), number("ds", 0, 2).optional(),
                  choice("bfr", {0, 1}).optional()},
       .read = &Sms::get_indications,
       .write = &Sms::set_indications,
       .bare = true,
       .section = "8.17",
       .summary = "How received messages are told"},
      {.name = "+CSCA",
       .params = {text("sca", 1, 84), number("tosca", 0, 255).optional()},
       .read = &Sms::get_centre,
       .write = &Sms::set_centre,
       .test = TestForm::bare,
       .section = "8.5",
       .summary = "Service centre; stored"},
      {.name = "+CSCS",
       .params = {text("chset", 1, 8)},
       .read = &Sms::get_charset,
       .write = &Sms::set_charset,
       .shown = "(\"GSM\",\"IRA\",\"UCS2\")",
       .section = "8.4",
       .summary = "Character set of texts and numbers"},
      {.name = "+CSMP",
       .params = {number("fo", 0, 255).optional(), number("vp", 0, 255).optional(),
                  number("pid", 0, 255).optional(), number("dcs", 0, 255).optional()},
       .read = &Sms::get_parameters,
       .write = &Sms::set_parameters,
       .test = TestForm::bare,
       .section = "8.19",
       .summary = "Octets of messages in text form"},
      {.name = "+CSDH",
       .params = {choice("show", {0, 1}).optional()},
       .read = &Sms::get_details,
       .write = &Sms::set_details,
       .bare = true,
       .section = "8.18",
       .summary = "Details in text form"},
      {.name = "+CSCB",
       .params = {choice("mode", {0, 1}), text("mids", 0, 128).optional(),
                  text("dcss", 0, 128).optional()},
       .read = &Sms::get_broadcast,
       .write = &Sms::set_broadcast,
       .shown = "(0,1)",
       .section = "8.16",
       .summary = "Broadcast messages (kept and read back; none are sent here)"},
      {.name = "+CMMS",
       .params = {number("n", 0, 2)},
       .limit = send_limit,
       .read = &Sms::get_more,
       .write = &Sms::set_more,
       .section = "8.13",
       .summary = "More messages to send (kept and read back; the link does not matter here)"},
      {.name = "+CNMA",
       .exec = &Sms::acknowledge,
       .test = TestForm::bare,
       .section = "8.15",
       .summary = "Acknowledge a routed message"},
      {.name = "+CMGS",
       .params = {destination, type_of_number},
       .limit = send_limit,
       .write = &Sms::send,
       .test = TestForm::bare,
       .section = "8.10",
       .summary = "Send a message"},
      {.name = "+QCMGS",
       .params = {destination, type_of_number, number("uid", 0, 255).optional(),
                  number("msg_seg", 0, 7).optional(), number("msg_total", 0, 7).optional()},
       .limit = send_limit,
       .write = &Sms::send_part,
       .test = TestForm::bare,
       .section = "8.20",
       .summary = "Send a part of a longer message"},
      {.name = "+CMGW",
       .params = {destination, type_of_number, text("stat", 1, 16).optional()},
       .write = &Sms::write,
       .exec = &Sms::write_empty,
       .test = TestForm::bare,
       .section = "8.11",
       .summary = "Store a message"},
      {.name = "+CMSS",
       .params = {index, destination.optional(), type_of_number},
       .limit = send_limit,
       .write = &Sms::send_stored,
       .test = TestForm::bare,
       .section = "8.12",
       .summary = "Send a stored message"},
      {.name = "+CMGL",
       .params = {text("stat", 1, 16)},
       .write = &Sms::list,
       .exec = &Sms::list_unread,
       .shown = "(\"REC UNREAD\",\"REC READ\",\"STO UNSENT\",\"STO SENT\",\"ALL\")",
       .section = "8.8",
       .summary = "List messages"},
      {.name = "+CMGR",
       .params = {index},
       .write = &Sms::read,
       .test = TestForm::bare,
       .section = "8.9",
       .summary = "Read a message"},
      {.name = "+QCMGR",
       .params = {index},
       .write = &Sms::read_part,
       .test = TestForm::bare,
       .section = "8.21",
       .summary = "Read a message, with its place in a longer one"},
      {.name = "+CMGD",
       .params = {index, number("delflag", 0, 4).optional()},
       .write = &Sms::remove,
       .search = &Sms::removal_ranges,
       .section = "8.7",
       .summary = "Delete messages"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Outcome Sms::get_form() { return Outcome::ok(fmt::format("+CMGF: {:d}", settings_.text_form)); }

Outcome Sms::set_form(const at::Args& args) {
  settings_.text_form = args.number_or(0, 0) == 1;
  return Outcome::ok();
}

Outcome Sms::get_service() {
  return Outcome::ok(fmt::format("+CSMS: {},1,1,1", settings_.service));
}

Outcome Sms::set_service(const at::Args& args) {
  settings_.service = args.number(0);
  return Outcome::ok("+CSMS: 1,1,1");
}

Outcome Sms::get_memories() {
  if (const int error = obstacle()) return Outcome::cms(error);
  std::string line = "+CPMS: ";
  for (std::size_t i = 0; i < settings_.memories.size(); ++i)
    line += fmt::format("{}\"{}\",{},{}", i == 0 ? "" : ",",
                        settings_.memories[i] == Memory::sim ? "SM" : "ME", memory(i).used(),
                        memory(i).capacity());
  return Outcome::ok(std::move(line));
}

Outcome Sms::set_memories(const at::Args& args) {
  if (const int error = obstacle()) return Outcome::cms(error);
  auto chosen = settings_.memories;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (!args.given(i)) continue;
    if (args.text(i) != "SM" && args.text(i) != "ME")
      return Outcome::cms(cms_operation_not_allowed);
    chosen[i] = args.text(i) == "SM" ? Memory::sim : Memory::module;
  }
  settings_.memories = chosen;
  std::string line = "+CPMS: ";
  for (std::size_t i = 0; i < chosen.size(); ++i)
    line += fmt::format("{}{},{}", i == 0 ? "" : ",", memory(i).used(), memory(i).capacity());
  return Outcome::ok(std::move(line));
}

Outcome Sms::get_indications() {
  return Outcome::ok(fmt::format("+CNMI: {}", fmt::join(settings_.indications, ",")));
}

Outcome Sms::set_indications(const at::Args& args) {
  constexpr std::array<int, 5> standard{0, 0, 0, 0, 0};
  for (std::size_t i = 0; i < settings_.indications.size(); ++i)
    settings_.indications[i] = args.number_or(i, standard[i]);
  return Outcome::ok().afterwards([this] { release_held(); });
}

Outcome Sms::get_centre() {
  const auto number = centre();
  const auto shown_number =
      settings_.charset == Charset::ucs2
          ? sms::shown(std::u16string(number.begin(), number.end()), Charset::ucs2)
          : number;
  return Outcome::ok(fmt::format("+CSCA: \"{}\",{}", shown_number,
                                 !number.empty() && number[0] == '+' ? 145 : 129));
}

Outcome Sms::set_centre(const at::Args& args) {
  if (const int error = obstacle()) return Outcome::cms(error);
  const auto typed =
      sms::typed(args.text(0), settings_.charset == Charset::ucs2 ? Charset::ucs2 : Charset::ira);
  std::string number;
  if (typed) number.assign(typed->begin(), typed->end());
  const auto digits = number.substr(!number.empty() && number[0] == '+' ? 1 : 0);
  const bool good =
      !digits.empty() && digits.size() <= 20 &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!good) return Outcome::cms(cms_invalid_text);
  constexpr int international = 145;
  if (args.given(1) && args.number(1) == international && number[0] != '+') number = "+" + number;
  return parts_.nvram.set("CSCA", number) ? Outcome::ok() : Outcome::cms(cms_memory_failure);
}

std::string Sms::charset_name() const {
  if (settings_.charset == Charset::ucs2) return "UCS2";
  return settings_.charset == Charset::ira ? "IRA" : "GSM";
}

Outcome Sms::get_charset() { return Outcome::ok(fmt::format("+CSCS: \"{}\"", charset_name())); }

Outcome Sms::set_charset(const at::Args& args) {
  const auto name = args.text(0);
  // With UCS2 hosts say the name in UCS2 as well.
  if (name == "UCS2" || name == "0055004300530032")
    settings_.charset = Charset::ucs2;
  else if (name == "IRA" || name == "004900520041")
    settings_.charset = Charset::ira;
  else if (name == "GSM" || name == "00470053004D")
    settings_.charset = Charset::gsm;
  else
    return Outcome::cme(cme_incorrect_parameters);
  return Outcome::ok();
}

Outcome Sms::get_parameters() {
  return Outcome::ok(fmt::format("+CSMP: {}", fmt::join(settings_.parameters, ",")));
}

Outcome Sms::set_parameters(const at::Args& args) {
  constexpr int submit = 1;
  constexpr int kind = 3;
  constexpr int relative_or_none = 0x08;
  const int first = args.number_or(0, settings_.parameters[0]);
  // Only SUBMIT with a relative validity or none can be typed.
  if ((first & kind) != submit || (first & relative_or_none) != 0)
    return Outcome::cms(cms_operation_not_allowed);
  for (std::size_t i = 0; i < settings_.parameters.size(); ++i)
    settings_.parameters[i] = args.number_or(i, settings_.parameters[i]);
  return Outcome::ok();
}

Outcome Sms::get_details() { return Outcome::ok(fmt::format("+CSDH: {:d}", settings_.details)); }

Outcome Sms::set_details(const at::Args& args) {
  settings_.details = args.number_or(0, 0) == 1;
  return Outcome::ok();
}

Outcome Sms::get_broadcast() {
  return Outcome::ok(fmt::format("+CSCB: {},\"{}\",\"{}\"", settings_.broadcast_mode,
                                 settings_.broadcast_ids, settings_.broadcast_codings));
}

Outcome Sms::set_broadcast(const at::Args& args) {
  settings_.broadcast_mode = args.number(0);
  if (args.given(1)) settings_.broadcast_ids = args.text(1);
  if (args.given(2)) settings_.broadcast_codings = args.text(2);
  return Outcome::ok();
}

Outcome Sms::get_more() { return Outcome::ok(fmt::format("+CMMS: {}", settings_.more_messages)); }

Outcome Sms::set_more(const at::Args& args) {
  settings_.more_messages = args.number(0);
  return Outcome::ok();
}

Outcome Sms::acknowledge() {
  if (!unacknowledged_) return Outcome::cms(cms_nothing_to_acknowledge);
  unacknowledged_ = false;
  return Outcome::ok();
}

Outcome Sms::send(const at::Args& args) {
  if (!parts_.network.registered() && obstacle() == 0) {
    constexpr int no_network = 331;
    return Outcome::cms(no_network);
  }
  return ask(args, &Sms::transmit, std::nullopt);
}

Outcome Sms::send_part(const at::Args& args) {
  if (!settings_.text_form) return Outcome::cms(cms_operation_not_allowed);
  if (!args.given_from(2)) return send(args);
  if (!args.given_all(2, 4)) return Outcome::cms(cms_operation_not_allowed);
  const Segment segment{args.number(2), args.number(3), args.number(4)};
  if (segment.part < 1 || segment.total < 1 || segment.part > segment.total)
    return Outcome::cms(cms_operation_not_allowed);
  if (!parts_.network.registered() && obstacle() == 0) {
    constexpr int no_network = 331;
    return Outcome::cms(no_network);
  }
  return ask(args, &Sms::transmit, segment);
}

Outcome Sms::write_empty() {
  if (!settings_.text_form) return Outcome::cms(cms_operation_not_allowed);
  if (const int error = obstacle()) return Outcome::cms(error);
  writing_as_ = Status::stored_unsent;
  at::Prompt prompt;
  prompt.ending = at::Prompt::Ending::ctrl_z;
  prompt.length = 2048;
  prompt.then = [this](const std::string& bytes) {
    const auto message = from_text({}, bytes, std::nullopt);
    return message ? keep(*message, {}) : Outcome::cms(cms_invalid_text);
  };
  return Outcome::prompt(std::move(prompt));
}

Outcome Sms::write(const at::Args& args) {
  writing_as_ = Status::stored_unsent;
  // In PDU form the second parameter is the status.
  if (!settings_.text_form && args.given(1)) {
    if (args.number(1) < 2 || args.number(1) > 3) return Outcome::cms(cms_operation_not_allowed);
    writing_as_ = static_cast<Status>(args.number(1));
  }
  if (args.given(2)) {
    const auto name = std::find(status_names.begin() + 2, status_names.end(), args.text(2));
    if (!settings_.text_form || name == status_names.end())
      return Outcome::cms(cms_operation_not_allowed);
    writing_as_ = static_cast<Status>(name - status_names.begin());
  }
  return ask(args, &Sms::keep, std::nullopt);
}

Outcome Sms::send_stored(const at::Args& args) {
  if (const int error = obstacle()) return Outcome::cms(error);
  const int place = args.number(0);
  const auto* stored = memory(1).find(place);
  if (stored == nullptr) return Outcome::cms(cms_invalid_index);
  auto message = message_of(*stored);
  const bool sendable =
      stored->status == Status::stored_unsent || stored->status == Status::stored_sent;
  if (!message || !sendable) return Outcome::cms(cms_operation_not_allowed);
  if (args.given(1)) message->number = args.text(1);
  if (message->number.empty()) return Outcome::cms(cms_operation_not_allowed);
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
  if (wanted > everything) return Outcome::cms(cms_operation_not_allowed);
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
            upper_hex(stored.centre + stored.tpdu)};
  const auto message = message_of(stored);
  if (!message) return {};
  if (message->report)
    return {
        fmt::format("+CMGL: {},\"{}\",{}", place, status_names[status], report_fields(*message))};
  auto line =
      fmt::format("+CMGL: {},\"{}\",\"{}\",,{}", place, status_names[status], message->number,
                  message->time.empty() ? "" : fmt::format("\"{}\"", message->time));
  if (settings_.details) line += fmt::format(",{},{}", message->type_of_number, message->length);
  return {std::move(line), shown_text(*message)};
}

std::vector<std::string> Sms::shown(std::string_view name, const Stored& stored,
                                    bool with_segment) const {
  const auto status = static_cast<std::size_t>(stored.status);
  if (!settings_.text_form)
    return {fmt::format("{}: {},,{}", name, status, stored.tpdu.size()),
            upper_hex(stored.centre + stored.tpdu)};
  const auto message = message_of(stored);
  if (!message) return {};
  if (message->report)
    return {fmt::format("{}: \"{}\",{}", name, status_names[status], report_fields(*message))};
  auto line = fmt::format("{}: \"{}\",\"{}\",", name, status_names[status], message->number);
  if (!message->submit) line += fmt::format(",\"{}\"", message->time);
  if (settings_.details) {
    line += fmt::format(",{},{},{},{}", message->type_of_number, message->first_octet, message->pid,
                        message->dcs);
    if (message->submit)
      line += fmt::format(",{}", message->validity ? std::to_string(*message->validity) : "");
    const auto number = centre();
    line += fmt::format(",\"{}\",{},{}", number, number[0] == '+' ? 145 : 129, message->length);
  }
  const auto& header = message->header;
  const bool part = header.size() == 5 && header[0] == 0;
  if (with_segment && part)
    line += fmt::format(",{},{},{}", static_cast<unsigned char>(header[2]),
                        static_cast<int>(header[4]), static_cast<int>(header[3]));
  return {std::move(line), shown_text(*message)};
}

Outcome Sms::take(std::string_view name, int place, bool with_segment) {
  if (const int error = obstacle()) return Outcome::cms(error);
  const auto* stored = memory(0).find(place);
  if (stored == nullptr) return Outcome::cms(cms_invalid_index);
  auto lines = shown(name, *stored, with_segment);
  if (stored->status == Status::received_unread) memory(0).set_status(place, Status::received_read);
  return Outcome::ok(std::move(lines));
}

Outcome Sms::read(const at::Args& args) { return take("+CMGR", args.number(0), false); }

Outcome Sms::read_part(const at::Args& args) {
  if (!settings_.text_form) return Outcome::cms(cms_operation_not_allowed);
  return take("+QCMGR", args.number(0), true);
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
    if (store.find(args.number(0)) == nullptr) return Outcome::cms(cms_invalid_index);
    return store.remove(args.number(0)) ? Outcome::ok() : Outcome::cms(cms_memory_failure);
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
  const auto messages = store.messages();
  for (const auto& [place, stored] : messages)
    if (goes(stored.status) && !store.remove(place)) return Outcome::cms(cms_memory_failure);
  return Outcome::ok();
}

// reading: the lowest bit of the first octet is place 0, five octets as in the manual's example
std::string Sms::map(const std::string& status) const {
  constexpr int places = 40;
  const auto name = std::find(status_names.begin(), status_names.end(), status);
  if (name == status_names.end()) return {};
  std::string octets(places / 8, '\0');
  const auto& store = settings_.memories[0] == Memory::sim ? sim_store_ : module_store_;
  for (const auto& [place, stored] : store.messages()) {
    if (place >= places ||
        static_cast<std::ptrdiff_t>(stored.status) != name - status_names.begin())
      continue;
    auto& octet = octets[static_cast<std::size_t>(place / 8)];
    octet = static_cast<char>(static_cast<unsigned char>(octet) | 1U << (place % 8));
  }
  return upper_hex(octets);
}

}  // namespace emulator::device
