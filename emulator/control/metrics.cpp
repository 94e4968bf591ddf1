#include "emulator/control/metrics.hpp"

#include "at_engine/args.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace emulator::control {
namespace {

using journal::Event;
using journal::Kind;

std::string text_in(const Event& event, std::string_view name) {
  const auto* const value = event.find(name);
  const auto* const text = value == nullptr ? nullptr : std::get_if<std::string>(value);
  return text == nullptr ? std::string() : *text;
}

std::string number_in(const Event& event, std::string_view name) {
  const auto* const value = event.find(name);
  const auto* const number = value == nullptr ? nullptr : std::get_if<std::int64_t>(value);
  return number == nullptr ? std::string() : fmt::format("{}", *number);
}

double seconds_in(const Event& event, std::string_view name) {
  const auto* const value = event.find(name);
  const auto* const seconds = value == nullptr ? nullptr : std::get_if<double>(value);
  return seconds == nullptr ? 0 : *seconds;
}

bool is_true(const Event& event, std::string_view name) {
  const auto* const value = event.find(name);
  const auto* const yes = value == nullptr ? nullptr : std::get_if<bool>(value);
  return yes != nullptr && *yes;
}

/// "+QMTPUBEX" of "+QMTPUBEX=0,1" and of "+QMTPUBEX: 0,1".
std::string name_in(std::string_view line) {
  return std::string(line.substr(0, line.find_first_of("=?:")));
}

/// What a result says, without what it says in particular.
std::string result_of(std::string_view line) {
  if (line == "0") return "OK";
  if (line == "4") return "ERROR";
  for (const std::string_view known :
       {"OK", "ERROR", "+CME ERROR", "+CMS ERROR", "CONNECT", "NO CARRIER"})
    if (line.substr(0, known.size()) == known) return std::string(known);
  return "other";
}

std::string outcome_of(std::string_view result) {
  if (result == "0") return "sent";
  if (result == "1") return "retransmitted";
  return "failed";
}

std::vector<std::string> values_behind(std::string_view line, char sign) {
  const auto place = line.find(sign);
  std::vector<std::string> values;
  if (place == std::string_view::npos) return values;
  auto rest = line.substr(place + 1);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  const auto tokens = at::split_args(rest);
  if (tokens)
    for (const auto& token : *tokens) values.emplace_back(token.text);
  return values;
}

}  // namespace

void Metrics::Counter::count(std::vector<std::string> values) {
  const auto found = counts.find(values);
  if (found == counts.end() && counts.size() >= most_series) values.assign(labels.size(), "other");
  ++counts[std::move(values)];
}

Metrics::Metrics(journal::Journal& journal)
    : journal_(journal),
      commands_{"eg91xq_commands_total", "Commands that were answered.", {"command", "result"}},
      urcs_{"eg91xq_urcs_total", "Unsolicited result codes.", {"urc"}},
      publishes_{"eg91xq_publishes_total",
                 "Publishes of the host by their result.",
                 {"client", "qos", "result"}},
      packets_{"eg91xq_packets_total", "MQTT packets on the wire.", {"client", "dir", "type"}},
      retransmissions_{
          "eg91xq_retransmissions_total", "MQTT packets that were sent again.", {"client", "type"}},
      links_{"eg91xq_links_total", "What became of links to brokers.", {"client", "event", "why"}},
      stats_{"eg91xq_qmtstat_total", "+QMTSTAT by its code.", {"client", "code"}},
      faults_{"eg91xq_faults_applied_total", "Faults that acted.", {"type"}},
      findings_{"eg91xq_lint_total", "Findings of the lint of the host.", {"rule"}},
      subscription_(journal.subscribe([this](const Event& event) { count(event); })) {}

void Metrics::count(const Event& event) {
  switch (event.kind) {
    case Kind::result:
      return on_result(event);
    case Kind::command:
      return on_command(event);
    case Kind::urc:
      return on_urc(event);
    case Kind::packet:
      return on_packet(event);
    case Kind::link:
      return on_link(event);
    case Kind::stat:
      return stats_.count({number_in(event, "client"), number_in(event, "code")});
    case Kind::fault:
      return faults_.count({text_in(event, "type")});
    case Kind::lint:
      return findings_.count({text_in(event, "rule")});
    default:
      return;
  }
}

void Metrics::on_result(const Event& event) {
  const auto seconds = seconds_in(event, "took");
  const auto* const bound = std::lower_bound(bounds.begin(), bounds.end(), seconds);
  ++took_[static_cast<std::size_t>(bound - bounds.begin())];
  took_in_all_ += seconds;
  auto command = name_in(text_in(event, "command"));
  commands_.count({command.empty() ? "AT" : std::move(command), result_of(text_in(event, "line"))});
}

void Metrics::on_command(const Event& event) {
  const auto line = text_in(event, "line");
  if (!line.starts_with("+QMTPUB")) return;
  const auto values = values_behind(line, '=');
  constexpr std::size_t qos = 2;
  if (values.size() <= qos) return;
  if (under_way_.size() >= most_publishes) under_way_.clear();
  under_way_[{values[0], values[1]}] = values[qos];
}

void Metrics::on_urc(const Event& event) {
  const auto line = text_in(event, "line");
  urcs_.count({name_in(line)});
  if (!line.starts_with("+QMTPUB")) return;
  const auto values = values_behind(line, ':');
  constexpr std::size_t result = 2;
  if (values.size() <= result) return;
  const auto found = under_way_.find({values[0], values[1]});
  const auto qos = found == under_way_.end() ? std::string("other") : found->second;
  publishes_.count({values[0], qos, outcome_of(values[result])});
  // One that was sent again is still under way.
  if (found != under_way_.end() && values[result] != "1") under_way_.erase(found);
}

void Metrics::on_packet(const Event& event) {
  const auto client = number_in(event, "client");
  const auto type = text_in(event, "type");
  const auto direction = text_in(event, "dir");
  if (is_true(event, "dup") && direction == "out") retransmissions_.count({client, type});
  packets_.count({client, direction, type});
}

void Metrics::on_link(const Event& event) {
  // What stands behind the colon is the system's.
  const auto why = text_in(event, "why");
  links_.count({number_in(event, "client"), text_in(event, "event"), why.substr(0, why.find(':'))});
}

void Metrics::show(Exposition& exposition, const std::string& modem) const {
  using Type = Exposition::Type;
  for (const auto* counter : {&commands_, &urcs_, &publishes_, &packets_, &retransmissions_,
                              &links_, &stats_, &faults_, &findings_}) {
    for (const auto& [values, count] : counter->counts) {
      Labels labels{{"modem", modem}};
      for (std::size_t i = 0; i < values.size(); ++i)
        labels.emplace_back(counter->labels[i], values[i]);
      exposition.add(counter->name, Type::counter, counter->help, labels,
                     static_cast<double>(count));
    }
  }
  exposition.add("eg91xq_result_seconds", "Virtual seconds from a line's end to its result.",
                 {{"modem", modem}}, {bounds.data(), took_.data(), bounds.size(), took_in_all_});
  for (std::size_t i = 0; i < journal_.counts().size(); ++i)
    exposition.add("eg91xq_events_total", Type::counter, "Events of the journal by kind.",
                   {{"modem", modem}, {"kind", std::string(name_of(static_cast<Kind>(i)))}},
                   static_cast<double>(journal_.counts()[i]));
  exposition.add("eg91xq_journal_lost_total", Type::counter,
                 "Events that the journal does not keep any more.", {{"modem", modem}},
                 static_cast<double>(journal_.lost()));
}

}  // namespace emulator::control
