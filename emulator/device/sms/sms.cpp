#include "emulator/device/sms/sms.hpp"

#include "at_engine/cme.hpp"
#include "at_engine/text.hpp"
#include "emulator/device/sms/sms_number.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Outcome;
using sms::Charset;
using sms::Message;
using sms::Status;

constexpr std::size_t max_typed = 2048;
constexpr std::string_view smsc_key = "CSCA";
constexpr int header_flag = 0x40;  // in the first octet of a message

/// Takes the header and what is behind it; false when it is longer than all of that.
bool take_user_data(Message& message, std::string_view octets) {
  const std::size_t header =
      octets.empty() ? 1 : static_cast<unsigned char>(octets.front()) + std::size_t{1};
  if (header > octets.size()) return false;
  message.header = octets.substr(1, header - 1);
  const auto rest = octets.substr(header);
  const auto fill = static_cast<unsigned>((7 - header % 7) % 7);
  message.data =
      message.seven_bits() ? sms::unpack(rest, sms::max_septets, fill) : std::string(rest);
  return true;
}

}  // namespace

Sms::Sms(Parts parts)
    : parts_(parts),
      sim_store_(parts.nvram, "SMS/SM/" + parts.sim.card().iccid),
      module_store_(parts.nvram, "SMS/ME"),
      sending_(parts.timeline, Outcome::cms(at::cms::sim_busy)),
      arriving_(parts.timeline) {}

void Sms::start() {
  factory();
  sim_store_.load(sim_capacity);
  module_store_.load(parts_.qcfg.values().sms_me_places);
}

void Sms::reset() {
  ground_.revoke();
  sending_.cancel();
  arriving_.stop();
  arrivals_.clear();
}

void Sms::factory() {
  settings_ = {};
  unacknowledged_ = false;
  held_.clear();
}

int Sms::obstacle() const {
  switch (parts_.sim.state()) {
    case Sim::State::absent:
      return at::cms::sim_missing;
    case Sim::State::starting:
      return at::cms::sim_busy;
    case Sim::State::pin:
      return at::cms::pin_necessary;
    case Sim::State::puk:
      return at::cms::puk_required;
    case Sim::State::unpowered:
    case Sim::State::blocked:
      return at::cms::sim_failure;
    case Sim::State::ready:
      break;
  }
  return 0;
}

sms::Store& Sms::memory(std::size_t which) {
  return settings_.memories[which] == Memory::sim ? sim_store_ : module_store_;
}

const sms::Store& Sms::receiving() const {
  return settings_.memories[2] == Memory::sim ? sim_store_ : module_store_;
}

std::string Sms::smsc() const {
  const auto stored = parts_.nvram.get(smsc_key);
  if (stored && sms::is_dialled(*stored)) return *stored;
  return parts_.sim.card().smsc;
}

/// Asks for the text or the PDU of a message and does `then` with it.
Outcome Sms::ask(const at::Args& args, const Then& then, std::optional<Segment> segment) {
  if (const int error = obstacle()) return Outcome::cms(error);
  if (!settings_.text_form) {
    const auto length = at::parse_number(args.text(0));
    if (!length || *length < 7 || *length > 164) return Outcome::cms(at::cms::invalid_pdu);
    return ask_for_pdu(static_cast<int>(*length), then);
  }
  const auto number = sms::dialled(args, 0, settings_.charset);
  if (!number) return Outcome::cms(at::cms::invalid_text);
  at::Prompt prompt;
  prompt.ending = at::Prompt::Ending::ctrl_z;
  prompt.length = max_typed;
  prompt.then = [this, then, number = *number, segment](const std::string& bytes) {
    const auto message = from_text(number, bytes, segment);
    return message ? then(*message, {}) : Outcome::cms(at::cms::invalid_text);
  };
  return Outcome::prompt(std::move(prompt));
}

Outcome Sms::ask_for_pdu(int length, const Then& then) {
  at::Prompt prompt;
  prompt.ending = at::Prompt::Ending::ctrl_z;
  prompt.length = max_typed;
  prompt.then = [then, length](const std::string& typed) {
    std::string digits;
    for (const char c : typed)
      if (std::isspace(static_cast<unsigned char>(c)) == 0) digits += c;
    const auto octets = at::unhex(digits);
    if (!octets || octets->empty()) return Outcome::cms(at::cms::invalid_pdu);
    const auto prefix = static_cast<std::size_t>(static_cast<unsigned char>((*octets)[0])) + 1;
    if (octets->size() != prefix + static_cast<std::size_t>(length))
      return Outcome::cms(at::cms::invalid_pdu);
    const auto message = sms::parse(std::string_view(*octets).substr(prefix), false);
    if (!message) return Outcome::cms(at::cms::invalid_pdu);
    const auto smsc = prefix == 1 ? std::string{} : octets->substr(0, prefix);
    return then(*message, smsc);
  };
  return Outcome::prompt(std::move(prompt));
}

/// What +CSMP and +CSCS make of a typed text.
std::optional<Message> Sms::from_text(const std::string& number, const std::string& bytes,
                                      const std::optional<Segment>& segment) const {
  Message message;
  message.submit = true;
  message.first_octet = settings_.parameters[0];
  message.validity = settings_.parameters[1];
  message.pid = settings_.parameters[2];
  message.dcs = settings_.parameters[3];
  message.number = number;
  if (segment)
    message.header = std::string("\x00\x03", 2) + static_cast<char>(segment->uid) +
                     static_cast<char>(segment->total) + static_cast<char>(segment->part);
  const bool header_is_typed = !segment && (message.first_octet & header_flag) != 0;
  if (header_is_typed || !message.seven_bits()) {
    // 27.005 3.1: with other alphabets, or a header, two hex digits are an octet.
    const auto octets = at::unhex(bytes);
    if (!octets) return std::nullopt;
    if (!header_is_typed)
      message.data = *octets;
    else if (!take_user_data(message, *octets))
      return std::nullopt;
  } else if (settings_.charset == Charset::gsm) {
    const bool seven_bit = std::all_of(bytes.begin(), bytes.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0x80U) == 0;
    });
    if (!seven_bit) return std::nullopt;
    message.data = bytes;
  } else {
    const auto text = sms::typed(bytes, settings_.charset);
    const auto septets = text ? sms::to_septets(*text) : std::nullopt;
    if (!septets) return std::nullopt;
    message.data = *septets;
  }
  if (!sms::build(message)) return std::nullopt;
  return message;
}

Sms::Then Sms::transmitting() {
  return [this](const Message& message, const std::string&) { return submit("+CMGS", message); };
}

Sms::Then Sms::keeping(Status as) {
  return [this, as](const Message& message, const std::string& smsc) {
    return keep(message, smsc, as);
  };
}

/// Hands a message to the network; the reference comes when it took it.
Outcome Sms::submit(std::string_view name, Message message) {
  if (!parts_.network.registered()) return Outcome::cms(at::cms::no_network);
  if (sending_.busy()) return Outcome::cms(at::cms::sim_busy);
  message.reference = reference_;
  reference_ = (reference_ + 1) % 256;
  const auto done = [this, message, line = fmt::format("{}: {}", name, message.reference)] {
    sent(message);
    return Outcome::ok(line);
  };
  return sending_.answer_after(parts_.latency.draw(cellular::Latency::Step::answer), done);
}

Outcome Sms::keep(const Message& message, const std::string& smsc, Status as) {
  const auto tpdu = sms::build(message);
  if (!tpdu) return Outcome::cms(at::cms::invalid_text);
  const auto field = smsc.empty() ? sms::smsc_field(this->smsc()) : smsc;
  if (memory(1).full()) return Outcome::cms(at::cms::memory_full);
  const auto index = memory(1).add({as, field, *tpdu});
  if (!index) return Outcome::cms(at::cms::memory_failure);
  return Outcome::ok(fmt::format("+CMGW: {}", *index));
}

std::string Sms::shown_text(const Message& message) const {
  if (!message.seven_bits()) return at::hex(message.data, at::HexCase::upper);
  if (settings_.charset == Charset::gsm) return message.data;
  return sms::shown(sms::from_septets(message.data), settings_.charset);
}

/// Numbers are in the host's character set as texts are (27.005 3.1, <oa>, <da>, <sca>).
std::string Sms::shown_number(const std::string& number) const {
  if (settings_.charset != Charset::ucs2) return number;
  return sms::shown(std::u16string(number.begin(), number.end()), Charset::ucs2);
}

std::optional<std::string> Sms::busy() const {
  if (sending_.busy()) return "a message is sent";
  if (arriving_.running()) return "a message is on its way";
  return std::nullopt;
}

void Sms::snapshot_settings(at::Memo& memo) {
  constexpr auto octet = at::number("octet", 0, 255);
  constexpr auto list = at::text("list", 0, 128);
  static constexpr std::array<std::string_view, 3> memories{"reads", "writes", "receives"};
  static constexpr std::array<std::string_view, 2> memory_names{"SM", "ME"};
  static constexpr std::array<std::string_view, 5> cnmi{"mode", "mt", "bm", "ds", "bfr"};
  static constexpr std::array<std::string_view, 4> csmp{"fo", "vp", "pid", "dcs"};
  static constexpr std::array<at::Param, 5> cnmi_ranges{
      at::number("mode", 0, 2), at::number("mt", 0, 3), at::choice("bm", {0, 2}),
      at::number("ds", 0, 2), at::number("bfr", 0, 1)};
  auto& s = settings_;
  memo.flag("text_form", s.text_form);
  memo.whole("service", s.service, at::number("service", 0, 1));
  memo.group("memories", [&] {
    for (std::size_t i = 0; i < memories.size(); ++i)
      memo.word(memories[i], s.memories[i], memory_names);
  });
  memo.group("cnmi", [&] {
    for (std::size_t i = 0; i < cnmi.size(); ++i)
      memo.whole(cnmi[i], s.indications[i], cnmi_ranges[i]);
  });
  memo.group("csmp", [&] {
    for (std::size_t i = 0; i < csmp.size(); ++i) memo.whole(csmp[i], s.parameters[i], octet);
  });
  memo.whole("charset", s.charset, at::number("charset", 0, 2));
  memo.flag("details", s.details);
  memo.whole("broadcast_mode", s.broadcast_mode, at::number("mode", 0, 1));
  memo.text("broadcast_ids", s.broadcast_ids, list);
  memo.text("broadcast_codings", s.broadcast_codings, list);
  memo.whole("more_messages", s.more_messages, at::number("n", 0, 2));
}

void Sms::snapshot(at::Memo& memo) {
  constexpr auto any_line = at::text("line", 0, 1024);
  constexpr std::size_t most_held = 64;
  constexpr auto places = at::number("places", 0, 255);
  memo.enter("sms");
  snapshot_settings(memo);
  memo.whole("reference", reference_, at::number("reference", 0, 255));
  memo.flag("unacknowledged", unacknowledged_);
  std::vector<std::string> held(held_.begin(), held_.end());
  memo.list("held", held, most_held, [&](auto& line) { memo.bytes("line", line, any_line); });
  if (memo.restoring()) held_.assign(held.begin(), held.end());
  int module_places = module_store_.capacity();
  int sim_places = sim_store_.capacity();
  memo.whole("sim_places", sim_places, places);
  memo.whole("module_places", module_places, places);
  if (memo.restoring()) {
    sim_store_.load(sim_places);
    module_store_.load(module_places);
  }
  memo.leave();
}

}  // namespace emulator::device
