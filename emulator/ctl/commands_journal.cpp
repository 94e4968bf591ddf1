#include "codec/json_text.hpp"
#include "command_line/process_start.hpp"
#include "emulator/ctl/command.hpp"
#include "emulator/ctl/event_text.hpp"
#include "emulator/ctl/expectation_text.hpp"
#include "emulator/ctl/failure.hpp"
#include "emulator/ctl/value_text.hpp"
#include "emulator/journal/event.hpp"
#include "emulator/log.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace emulator::ctl {
namespace {

using nlohmann::json;

struct Selection {
  bool follow = false;
  std::vector<std::string> kinds{};
  std::string channel{};
  std::string text{};
  std::optional<int> client{};
  std::optional<double> from{};
  std::optional<double> to{};
  std::optional<std::uint64_t> since{};
  std::optional<std::uint64_t> limit{};
};

std::string target(const Session& session, const Selection& selection) {
  std::string query;
  const auto add = [&query](const char* name, const std::string& value) {
    query += fmt::format("{}{}={}", query.empty() ? "?" : "&", name, value);
  };
  if (!selection.kinds.empty()) add("kind", fmt::format("{}", fmt::join(selection.kinds, ",")));
  if (!selection.channel.empty()) add("channel", percent_encoded(selection.channel));
  if (!selection.text.empty()) add("text", percent_encoded(selection.text));
  if (selection.client) add("client", std::to_string(*selection.client));
  if (selection.from) add("from", fmt::format("{}", *selection.from));
  if (selection.to) add("to", fmt::format("{}", *selection.to));
  if (selection.since) add("since", std::to_string(*selection.since));
  if (selection.limit) add("limit", std::to_string(*selection.limit));
  return session.path("/journal" + query);
}

void say_lost(std::uint64_t lost) {
  if (lost > 0) say_error(fmt::format("{} earlier events are kept no more\n", lost));
}

/// Events one after the other, page by page unless a limit is given.
Outcome show_journal(Session& session, Selection selection) {
  Outcome outcome;
  for (;;) {
    const auto answer = session.get(target(session, selection));
    if (session.json()) return {as_is(answer.body)};
    const auto page = parsed(answer);
    say_lost(page.value("lost", std::uint64_t{0}));
    const auto events = page.value("events", json::array());
    for (const auto& event : events) outcome.text += event_text(event);
    if (events.empty() || selection.limit) return outcome;
    selection.since = page.value("next", std::uint64_t{0});
  }
}

void end_at_once(int) { std::_Exit(exit_done); }

/// Events as they come. Who takes them too slowly is cut off by the server, and goes on behind the
/// last one.
class Follower {
 public:
  Follower(Session& session, Selection selection)
      : session_(session), selection_(std::move(selection)) {}

  void run() {
    const auto run = run_of_modem();
    for (;;) {
      const auto before = selection_.since;
      try {
        follow();
        break;
      } catch (const Cut&) {
        if (selection_.since == before || !is_still(run)) throw;
      }
    }
    if (error_ != 0 && error_ != EPIPE)
      throw Failure(fmt::format("cannot write to standard output: {}",
                                std::generic_category().message(error_)));
  }

 private:
  /// Another one for each modem that begins, also at the same address.
  std::string run_of_modem() {
    return parsed(session_.get(session_.path("/journal?limit=1"))).value("run", std::string());
  }

  bool is_still(const std::string& run) {
    try {
      return run_of_modem() == run;
    } catch (const Failure&) {
      return false;
    }
  }

  void follow() {
    const bool may_end = selection_.limit || selection_.to;
    session_.follow(
        {.target = target(session_, selection_), .accept = "application/x-ndjson"},
        [this](const std::string& line) { return show(line); }, may_end);
  }

  bool show(const std::string& line) {
    const auto event = codec::parse_json(line);
    if (event.is_object() && event.contains("seq")) {
      selection_.since = event.value("seq", std::uint64_t{0});
      if (selection_.limit) --*selection_.limit;
    }
    const bool is_plain = session_.json() || !event.is_object();
    if (!is_plain && event.contains("lost")) {
      say_lost(event.value("lost", std::uint64_t{0}));
      return true;
    }
    const auto text = is_plain ? line + '\n' : event_text(event);
    if (command_line::print(text)) return true;
    error_ = errno;
    return false;
  }

  Session& session_;
  Selection selection_;
  int error_ = 0;  // of standard output
};

Outcome follow_journal(Session& session, const Selection& selection) {
  // What was shown has been written: there is nothing to lose.
  std::signal(SIGINT, end_at_once);
  Follower(session, selection).run();
  return {};
}

std::vector<std::string> kinds() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < journal::kind_count; ++i)
    names.emplace_back(journal::name_of(static_cast<journal::Kind>(i)));
  return names;
}

void declare_journal(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("journal", "What happened to the modem");
  const auto selection = std::make_shared<Selection>();
  command->add_flag("-f,--follow", selection->follow, "Events as they come, until Ctrl-C");
  command->add_option("--kind", selection->kinds, "These kinds only, with commas between")
      ->delimiter(',')
      ->check(CLI::IsMember(kinds()))
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("KIND");
  command->add_option("--channel", selection->channel, "Those of this channel")->type_name("NAME");
  command->add_option("--client", selection->client, "Those of this client_idx")->type_name("I");
  command
      ->add_option("--text", selection->text,
                   "A regular expression, searched in line, topic and text")
      ->type_name("RE");
  command->add_option("--from", selection->from, "None that came before: virtual seconds")
      ->type_name("S");
  command->add_option("--to", selection->to, "None that came later; --follow ends then")
      ->type_name("S");
  command->add_option("--since", selection->since, "Events after the one of this number")
      ->type_name("N");
  command->add_option("--limit", selection->limit, "So many at most; --follow ends then")
      ->type_name("N");
  command->callback([&action, selection] {
    action = [selection](Session& session) -> Outcome {
      if (!selection->follow) return show_journal(session, *selection);
      return follow_journal(session, *selection);
    };
  });
}

struct Expected {
  std::vector<std::string> all{};
  std::vector<std::string> none{};
  bool ordered = false;
  std::optional<double> within{};
  std::optional<std::int64_t> least{};
  std::optional<std::int64_t> most{};
  std::optional<std::uint64_t> since{};
};

json to_json(const Expected& expected) {
  json body{{"all", json::array()}, {"ordered", expected.ordered}};
  for (const auto& word : expected.all) body["all"].push_back(wanted(word));
  for (const auto& word : expected.none) body["none"].push_back(wanted(word));
  if (expected.within) body["within"] = *expected.within;
  if (expected.since) body["since"] = *expected.since;
  if (expected.least) body["count"]["min"] = *expected.least;
  if (expected.most) body["count"]["max"] = *expected.most;
  return body;
}

std::string miss_text(const json& problem) {
  std::string text;
  for (const auto& each : problem.value("missing", json::array()))
    text += fmt::format("missing: {}\n", wanted_text(each));
  const auto nearest = problem.value("nearest", json::array());
  for (const auto& each : nearest)
    text += fmt::format("nearest: event {}: {}\n", plain(each.value("seq", json())),
                        plain(each.value("why", json())));
  return nearest.empty() ? text + "nearest: none\n" : text;
}

Outcome expect(Session& session, const Expected& expected) {
  if (expected.all.empty() && expected.none.empty())
    throw Failure("expect: say what is to come, or what is not (--none)");
  const auto answer = session.ask({.method = "POST",
                                   .target = session.path("/expect"),
                                   .body = to_json(expected).dump(),
                                   .may_last = true},
                                  {408});
  const auto content = parsed(answer);
  if (answer.status == 408 && !content.contains("missing")) throw Failure("the modem gave it up");
  const int code = answer.status == 408 ? exit_not_as_expected : exit_done;
  if (session.json()) return {as_is(answer.body), code};
  say_lost(content.value("lost", std::uint64_t{0}));
  if (code != exit_done) return {miss_text(content), code};
  std::string seqs;
  for (const auto& seq : content.value("matched", json::array())) seqs += ' ' + plain(seq);
  return {seqs.empty() ? "as expected\n" : fmt::format("as expected: events{}\n", seqs)};
}

void declare_expect(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("expect", "Waits until the journal has what is described");
  const auto expected = std::make_shared<Expected>();
  command->add_option("KIND:MEMBER=RE", expected->all,
                      "An event of that kind whose members are like that: further ones behind\n"
                      "commas; == for a number, true or false. command:line=^\\+QMTPUBEX=0");
  command->add_option("--none", expected->none, "Such an event must not come before")
      ->allow_extra_args(false)
      ->take_all()
      ->type_name("KIND:MEMBER=RE");
  command->add_flag("--ordered", expected->ordered, "One after the other, as they stand here");
  command->add_option("--within", expected->within, "In so many virtual seconds; 5 unless told")
      ->type_name("S");
  command->add_option("--count-min", expected->least, "A single one has to come so often")
      ->type_name("N");
  command->add_option("--count-max", expected->most, "It must not come more often")->type_name("N");
  command->add_option("--since", expected->since, "Events after this one; from now on unless told")
      ->type_name("N");
  command->callback([&action, expected] {
    action = [expected](Session& session) { return expect(session, *expected); };
  });
}

}  // namespace

void declare_journal_commands(CLI::App& app, Action& action) {
  declare_journal(app, action);
  declare_expect(app, action);
}

}  // namespace emulator::ctl
