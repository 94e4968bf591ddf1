// The commands for short messages: their table, and those that set something.
#include "at_engine/cme.hpp"
#include "emulator/device/sms/sms.hpp"
#include "emulator/device/sms/sms_number.hpp"

#include <algorithm>

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
using namespace std::chrono_literals;

constexpr at::Duration send_limit = 120s;
constexpr at::Param memory_name = text("mem", 2, 2);
constexpr at::Param destination = text("da", 1, 84);
constexpr at::Param type_of_number = number("toda", 0, 255).optional();
constexpr at::Param index = number("index", 0, 255);

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
       .read = &Sms::get_smsc,
       .write = &Sms::set_smsc,
       .test = TestForm::bare,
       .section = "8.5",
       .summary = "Service centre; stored"},
      {.name = "+CSCS",
       .params = {text("chset", 1, 16)},
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
    if (args.text(i) != "SM" && args.text(i) != "ME") return Outcome::cms(at::cms::not_allowed);
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
  return Outcome::ok().afterwards(ground_.claim(), [this] { release_held(); });
}

Outcome Sms::get_smsc() {
  const auto number = smsc();
  return Outcome::ok(fmt::format("+CSCA: \"{}\",{}", shown_number(number),
                                 !number.empty() && number[0] == '+' ? 145 : 129));
}

Outcome Sms::set_smsc(const at::Args& args) {
  if (const int error = obstacle()) return Outcome::cms(error);
  const auto number = sms::dialled(args, 0, settings_.charset);
  if (!number) return Outcome::cms(at::cms::invalid_text);
  return parts_.nvram.set("CSCA", *number) ? Outcome::ok() : Outcome::cms(at::cms::memory_failure);
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
    return Outcome::cme(at::cme::incorrect_parameters);
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
    return Outcome::cms(at::cms::not_allowed);
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
  if (!unacknowledged_) return Outcome::cms(at::cms::nothing_to_acknowledge);
  unacknowledged_ = false;
  return Outcome::ok();
}

}  // namespace emulator::device
