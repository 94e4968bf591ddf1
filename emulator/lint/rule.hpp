// The rules of the lint of the host: what each is called, which statement it stands on, how grave a
// breach is, and what is told of it. One table, from which the options, the reports and the
// reference are made.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace emulator::lint {

enum class Rule {
  data_before_prompt,
  window_overrun,
  command_before_result,
  retry_too_early,
  no_reopen_after_stat,
  messages_never_read,
  id_reused,
  command_during_boot,
  short_upload,
};

/// error: something was refused or may be lost; warning: it works by luck.
enum class Level { error, warning };

constexpr std::string_view name_of(Level level) {
  return level == Level::error ? "error" : "warning";
}

struct RuleRow {
  std::string_view id;
  std::string_view clause;
  Level level;
  std::string_view summary;
  std::string_view help;
};

/// In the order of Rule.
inline constexpr std::array<RuleRow, 9> rules{{
    {"data-before-prompt", "GRAM-9, note 3.3.8", Level::error,
     "Data came before the prompt that asks for them",
     "Wait for '> ' (or CONNECT) before the first byte of the data. A module may drop what comes "
     "earlier, or take it for a command."},
    {"window-overrun", "PUB-7, note 3.3.8", Level::error,
     "A publish of QoS 1 or 2 came while five of this client waited for their end",
     "Count the publishes whose +QMTPUBEX: has not come; begin the next one when they are fewer "
     "than five."},
    {"command-before-result", "GRAM-7, TCP(IP) note 2.3", Level::error,
     "A command was begun before the former had its final result",
     "Wait for OK or an error before the next command, or join commands of one line with ';'. A "
     "module may drop what comes earlier, or abort the command that runs."},
    {"retry-too-early", "TIME-1, note 3.3", Level::warning,
     "A command was sent again while the answer to the former could still come",
     "Wait for the result, the URC behind OK included, for the maximum response time of the "
     "command before sending it again: 120 s for AT+QMTOPEN, pkt_timeout x retry_times for what "
     "has a msgID."},
    {"no-reopen-after-stat", "STAT-1, note 4.1", Level::warning,
     "A client went on, or stayed down, after +QMTSTAT without AT+QMTOPEN",
     "After +QMTSTAT the link is gone and the client idle: open and connect it again before "
     "anything else is asked of it. At the end of a run it counts once the network was there for "
     "30 s."},
    {"messages-never-read", "RECV-3, note 3.3.9", Level::warning,
     "Messages in the receive buffer were not read",
     "With recv/mode 1 every +QMTRECV: has to be followed by AT+QMTRECV=; of what finds the five "
     "slots taken nothing is told. A message counts once it was there for a second."},
    {"id-reused", "PUB-6, note 3.3.6", Level::error,
     "A msgID was used again while its exchange was under way",
     "Take another msgID for each AT+QMTPUBEX, AT+QMTSUB and AT+QMTUNS, or wait for the URC with "
     "the former one."},
    {"command-during-boot", "manual, table of URCs: RDY", Level::warning,
     "A command was sent while the module was starting",
     "Wait for RDY (or for 10 s, on a port that does not get it) before the first command; what "
     "comes earlier is lost."},
    {"short-upload", "FILE note 2.4", Level::error,
     "AT+QFUPL ended by its time-out before all bytes had come",
     "Announce the size that is sent, and send it without pauses longer than the time-out."},
}};

constexpr const RuleRow& row_of(Rule rule) { return rules[static_cast<std::size_t>(rule)]; }

/// Nothing for an id that no rule has.
[[nodiscard]] std::optional<Rule> find_rule(std::string_view id);
/// The id that `typed` is most like.
[[nodiscard]] std::string_view nearest_rule(std::string_view typed);
/// The table in Markdown.
[[nodiscard]] std::string rule_list();

class RuleSet {
 public:
  void add(Rule rule) { rules_.set(static_cast<std::size_t>(rule)); }
  [[nodiscard]] bool has(Rule rule) const { return rules_.test(static_cast<std::size_t>(rule)); }

 private:
  std::bitset<rules.size()> rules_;
};

}  // namespace emulator::lint
