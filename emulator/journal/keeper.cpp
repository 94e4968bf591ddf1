#include "emulator/journal/keeper.hpp"

#include "at_engine/reply.hpp"
#include "at_engine/text.hpp"
#include "mqtt_backend/stat_urc.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace emulator::journal {
namespace {

constexpr std::size_t most_because = 4;

double in_seconds(at::Duration duration) { return std::chrono::duration<double>(duration).count(); }

/// The last line of an answer, which is its result; without framing.
std::string result_line(std::string_view answer) {
  while (!answer.empty() && (answer.back() == '\r' || answer.back() == '\n'))
    answer.remove_suffix(1);
  const auto start = answer.find_last_of("\r\n");
  return std::string(start == std::string_view::npos ? answer : answer.substr(start + 1));
}

std::string without_framing(std::string_view unit) {
  const auto framing = [](char c) { return c == '\r' || c == '\n'; };
  while (!unit.empty() && framing(unit.front())) unit.remove_prefix(1);
  while (!unit.empty() && framing(unit.back())) unit.remove_suffix(1);
  return std::string(unit);
}

}  // namespace

void Keeper::saw(at::Time at, at::Asker channel, const at::Event& event) {
  std::visit([&](const auto& each) { on(at, channels_[channel.channel], each); }, event);
}

void Keeper::heard(at::Time at, const Channel& channel, std::string_view bytes,
                   std::string_view lost) {
  constexpr std::size_t most_fields = 3;
  std::vector<Field> fields;
  fields.reserve(most_fields);
  fields.push_back({"channel", channel.name});
  if (channel.file)
    fields.push_back({"file_bytes", static_cast<std::int64_t>(bytes.size())});
  else
    fields.push_back({"bytes", Bytes{std::string(bytes)}});
  if (!lost.empty()) fields.push_back({"lost", std::string(lost)});
  journal_.add(at, Kind::rx, std::move(fields));
}

void Keeper::said(at::Time at, const Channel& channel, std::string_view bytes,
                  const at::event::FileSpans& files) {
  std::size_t hidden = 0;
  for (const auto& span : files) hidden += span.second;
  std::string shown;
  shown.reserve(bytes.size() - hidden);
  std::size_t done = 0;
  for (const auto& [place, size] : files) {
    shown += bytes.substr(done, place - done);
    done = place + size;
  }
  shown += bytes.substr(done);
  auto fields =
      make_fields(Field{"channel", channel.name}, Field{"bytes", Bytes{std::move(shown)}});
  if (hidden > 0) fields.push_back({"file_bytes", static_cast<std::int64_t>(hidden)});
  journal_.add(at, Kind::tx, std::move(fields));
}

void Keeper::on(at::Time at, Channel& channel, const at::event::HostBytes& event) {
  if (channel.entering) channel.data += event.bytes.size();
  heard(at, channel, event.bytes, {});
}

void Keeper::on(at::Time at, Channel& channel, const at::event::HostBytesLost& event) {
  using Why = at::event::HostBytesLost::Why;
  heard(at, channel, event.bytes,
        event.why == Why::module_is_off     ? "the module is off"
        : event.why == Why::module_sleeps   ? "the module sleeps"
        : event.why == Why::command_aborted ? "a command was aborted by them"
                                            : "no room while a command runs");
}

void Keeper::on(at::Time at, Channel& channel, const at::event::LineEnded& event) {
  if (event.known) channel.file = false;
  channel.began = at;
  channel.command.clear();
  channel.limit = {};
  channel.why = event.known ? "" : "the line holds something that is no command";
}

void Keeper::on(at::Time at, Channel& channel, const at::event::CommandBegun& event) {
  channel.command = event.line;
  channel.limit = event.limit;
  if (event.takes_file) channel.file = true;
  journal_.add(at, Kind::command,
               make_fields(Field{"channel", channel.name}, Field{"line", std::string(event.line)}));
}

void Keeper::on(at::Time, Channel& channel, const at::event::CommandEnded& event) {
  if (!event.why.empty())
    channel.why = event.why;
  else if (event.kind == at::Outcome::Kind::cme)
    channel.why = at::cme_text(event.code);
  else if (event.kind == at::Outcome::Kind::error)
    channel.why = "refused as things are, or a value is out of range";
  else if (event.kind != at::Outcome::Kind::cms)
    channel.why.clear();
}

void Keeper::on(at::Time at, Channel& channel, const at::event::DataEnded&) {
  if (!std::exchange(channel.entering, false)) return;
  journal_.add(at, Kind::data,
               {{"channel", channel.name},
                {"bytes", static_cast<std::int64_t>(std::exchange(channel.data, 0))}});
}

void Keeper::on(at::Time at, Channel& channel, const at::event::Echo& event) {
  if (channel.file) return;
  journal_.add(at, Kind::tx,
               make_fields(Field{"channel", channel.name},
                           Field{"bytes", Bytes{std::string(event.bytes)}}, Field{"echo", true}));
}

void Keeper::on(at::Time at, Channel& channel, const at::event::Reply& event) {
  said(at, channel, event.bytes, event.files);
  auto line = result_line(event.bytes);
  const bool fine = line == "OK" || line == "0" || line.starts_with("CONNECT") || line == "1";
  auto fields =
      make_fields(Field{"channel", channel.name}, Field{"line", std::move(line)},
                  Field{"command", channel.command}, Field{"took", in_seconds(at - channel.began)},
                  Field{"limit", in_seconds(channel.limit)});
  if (!fine && !channel.why.empty()) fields.push_back({"why", channel.why});
  journal_.add(at, Kind::result, std::move(fields));
  channel.entering = event.asks_for_data;
}

void Keeper::on(at::Time at, Channel& channel, const at::event::Prompted& event) {
  channel.entering = true;
  channel.data = 0;
  said(at, channel, event.bytes, event.files);
  journal_.add(at, Kind::prompt,
               make_fields(Field{"channel", channel.name}, Field{"command", channel.command},
                           Field{"wanted", static_cast<std::int64_t>(event.wanted)}));
}

void Keeper::on(at::Time at, Channel& channel, const at::event::Unsolicited& event) {
  said(at, channel, event.bytes, {});
  const auto line = without_framing(event.bytes);
  journal_.add(at, Kind::urc, make_fields(Field{"channel", channel.name}, Field{"line", line}));
  stat(at, line);
}

void Keeper::on(at::Time at, Channel& channel, const at::event::TimerSet& event) {
  timer(at,
        {{"channel", channel.name},
         {"name", std::string(at::name_of(event.timer))},
         {"delay", in_seconds(event.delay)}},
        "set");
}

void Keeper::on(at::Time at, Channel& channel, const at::event::TimerFired& event) {
  timer(at, {{"channel", channel.name}, {"name", std::string(at::name_of(event.timer))}}, "fired");
}

/// What a client lost comes with what was seen before it.
void Keeper::stat(at::Time at, std::string_view line) {
  const auto stat = mqtt_backend::stat_in(line);
  if (!stat) return;
  auto& known = clients_[stat->client];
  journal_.add(at, Kind::stat,
               {{"client", std::int64_t{stat->client}},
                {"code", std::int64_t{stat->code}},
                {"why", known.why},
                {"because", std::exchange(known.because, {})}});
}

void Keeper::remember(int client, std::uint64_t seq) {
  auto& because = clients_[client].because;
  because.push_back(seq);
  if (because.size() > most_because) because.erase(because.begin());
}

void Keeper::timer(at::Time at, std::vector<Field> fields, std::string_view what) {
  fields.push_back({"what", std::string(what)});
  journal_.add(at, Kind::timer, std::move(fields));
}

void Keeper::saw(at::Time at, const emulator::event::LineCarried& event) {
  auto fields = make_fields(Field{"channel", channels_[event.channel.channel].name});
  if (event.bytes.empty())
    fields.push_back({"lost", true});
  else
    fields.push_back({"bytes", Bytes{std::string(event.bytes)}});
  journal_.add(at, Kind::wire, std::move(fields));
}

void Keeper::saw(at::Time at, const emulator::event::FaultApplied& event) {
  std::vector<Field> fields{{"name", std::string(event.name)}, {"type", std::string(event.type)}};
  if (event.client_idx) fields.push_back({"client", std::int64_t{*event.client_idx}});
  journal_.add(at, Kind::fault, std::move(fields));
}

}  // namespace emulator::journal
