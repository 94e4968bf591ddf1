// What the network brings: messages to the module itself, reports of delivery, and how the host is
// told of them (+CNMI).
#include "at_engine/text.hpp"
#include "emulator/device/sms/sms.hpp"

#include <utility>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using sms::Message;
using sms::Status;

constexpr std::size_t max_arrivals = 64;
constexpr std::size_t max_held = 64;
constexpr int deliver_octet = 0x04;  // SMS-DELIVER, no more messages to come
constexpr int class_of_sim = 2;
constexpr int class_of_terminal = 3;

int type_of(const std::string& number) { return !number.empty() && number[0] == '+' ? 145 : 129; }

}  // namespace

void Sms::sent(const Message& message) {
  parts_.log.info(fmt::format("message {} to {}: {} octets", message.reference, message.number,
                              message.data.size()));
  const bool to_itself = message.number == parts_.sim.card().number;
  if (arrivals_.size() + 2 > max_arrivals) return;
  if (to_itself) arrivals_.emplace_back([this, message] { arrive(message); });
  if (message.wants_report()) arrivals_.emplace_back([this, message] { report(message); });
  if (arrivals_.empty() || arriving_.running()) return;
  arriving_.start(parts_.latency.draw(cellular::Latency::Step::answer), [this] {
    for (const auto& arrival : std::exchange(arrivals_, {})) arrival();
  });
}

bool Sms::deliver(const std::string& number, std::u16string_view text) {
  constexpr std::size_t most_septets = 160;
  constexpr std::size_t most_octets = 140;
  constexpr int ucs2 = 0x08;
  if (!sms::is_dialled(number)) return false;
  Message message;
  message.number = number;
  message.type_of_number = type_of(number);
  if (auto septets = sms::to_septets(text)) {
    if (septets->size() > most_septets) return false;
    message.data = *std::move(septets);
  } else {
    message.dcs = ucs2;
    message.data = sms::to_ucs2(text);
    if (message.data.size() > most_octets) return false;
  }
  message.length = message.data.size();
  arrive(message);
  return true;
}

/// The message as the network brings it.
void Sms::arrive(const Message& submitted) {
  Message message = submitted;
  message.submit = false;
  message.first_octet = deliver_octet;
  message.stamp = sms::time_field(parts_.clock.unix_ms(), parts_.clock.zone());
  const auto tpdu = sms::build(message);
  if (!tpdu) return;
  const auto read = sms::parse(*tpdu, true);
  if (read && routed(*read)) return tell(*tpdu, *read);
  const bool told = settings_.indications[1] != 0;
  store(*tpdu, told ? "+CMTI" : "");
}

/// True for a message that goes to the host and not into a memory (27.005 3.4.1, <mt>).
bool Sms::routed(const Message& message) const {
  constexpr int all_but_the_sims = 2;
  constexpr int the_terminals = 3;
  const int mt = settings_.indications[1];
  if (mt == all_but_the_sims) return message.message_class() != class_of_sim;
  return mt == the_terminals && message.message_class() == class_of_terminal;
}

/// Puts something into the memory for what comes; `name` is that of the indication, if there is
/// one.
void Sms::store(const std::string& tpdu, std::string_view name) {
  auto& memory = this->memory(2);
  const auto* memory_name = settings_.memories[2] == Memory::sim ? "SM" : "ME";
  if (memory.full())
    return parts_.log.warning(fmt::format("no room in {} for a message", memory_name));
  const auto index = memory.add({Status::received_unread, sms::smsc_field(smsc()), tpdu});
  if (!index)
    return parts_.log.warning(fmt::format("{} cannot store a message, which is lost", memory_name));
  if (memory.full() && parts_.indications.wanted("smsfull"))
    parts_.announce.announce(fmt::format("+QIND: \"smsfull\",\"{}\"", memory_name));
  if (!name.empty() && parts_.indications.wanted("smsincoming"))
    indicate(fmt::format("{}: \"{}\",{}", name, memory_name, *index));
}

/// Routed to the host at once, and not stored.
void Sms::tell(const std::string& tpdu, const Message& message) {
  unacknowledged_ = settings_.service == 1;
  if (!settings_.text_form)
    return indicate(fmt::format("+CMT: ,{}\r\n{}", tpdu.size(),
                                at::hex(sms::smsc_field(smsc()) + tpdu, at::HexCase::upper)));
  auto line = fmt::format("+CMT: \"{}\",,\"{}\"", shown_number(message.number), message.time);
  if (settings_.details)
    line += fmt::format(",{},{},{},{},\"{}\",{},{}", message.type_of_number, message.first_octet,
                        message.pid, message.dcs, shown_number(smsc()), type_of(smsc()),
                        message.length);
  indicate(line + "\r\n" + shown_text(message));
}

void Sms::report(const Message& message) {
  constexpr int to_host = 1;
  constexpr int to_memory = 2;
  const auto time = sms::time_field(parts_.clock.unix_ms(), parts_.clock.zone());
  const auto tpdu = sms::status_report(message, time);
  if (settings_.indications[3] == to_memory) return store(tpdu, "+CDSI");
  if (settings_.indications[3] != to_host) return;
  unacknowledged_ = settings_.service == 1;
  if (!settings_.text_form)
    return indicate(fmt::format("+CDS: {}\r\n{}", tpdu.size(),
                                at::hex(sms::smsc_field(smsc()) + tpdu, at::HexCase::upper)));
  if (const auto read = sms::parse(tpdu, true)) indicate("+CDS: " + report_fields(*read));
}

/// A report of delivery in text form.
std::string Sms::report_fields(const Message& report) const {
  return fmt::format("{},{},\"{}\",{},\"{}\",\"{}\",{}", report.first_octet, report.reference,
                     shown_number(report.number), report.type_of_number, report.time,
                     report.report->time, report.report->status);
}

/// Says it, or keeps it while <mode> is 0.
void Sms::indicate(std::string line) {
  if (settings_.indications[0] != 0) return parts_.announce.announce(std::move(line));
  if (held_.size() == max_held) held_.pop_front();
  held_.push_back(std::move(line));
}

/// <mode> has become another: what was held is said (<bfr> 0) or forgotten (1).
void Sms::release_held() {
  if (settings_.indications[0] == 0) return;
  auto lines = std::exchange(held_, {});
  if (settings_.indications[4] == 1) return;
  for (auto& line : lines) parts_.announce.announce(std::move(line));
}

}  // namespace emulator::device
