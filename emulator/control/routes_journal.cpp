#include "emulator/control/routes_journal.hpp"

#include "emulator/journal/expectation.hpp"
#include "mqtt_backend/qmt_commands.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace emulator::control {
namespace {

using journal::Expectation;
using journal::Journal;
using journal::Kind;
using journal::Selection;
using nlohmann::json;

constexpr double most_seconds = 86'400;
constexpr std::size_t most_events = 10'000;
constexpr std::size_t usual_events = 1000;
constexpr std::int64_t most_seq = 9'007'199'254'740'991;
constexpr const char* event_stream = "text/event-stream";
constexpr const char* lines = "application/x-ndjson";

std::vector<std::string> kinds() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < journal::kind_count; ++i)
    names.emplace_back(journal::name_of(static_cast<Kind>(i)));
  return names;
}

at::Time time_in(const json& seconds) {
  return at::Time(
      std::chrono::round<at::Duration>(std::chrono::duration<double>(seconds.get<double>())));
}

/// What the query says of the events that are wanted, or what is wrong with it.
std::variant<Selection, Problem> selection_in(const json& query) {
  Selection wanted;
  for (const auto& name : query.value("kind", json::array()))
    if (const auto kind = journal::kind_of(name.get<std::string>())) wanted.kinds.insert(*kind);
  if (query.contains("from")) wanted.from = time_in(query.at("from"));
  if (query.contains("to")) wanted.to = time_in(query.at("to"));
  if (wanted.from && wanted.to && *wanted.from > *wanted.to)
    return Problem{400, "from must not be later than to", "from"};
  if (query.contains("channel")) wanted.channel = query.at("channel").get<std::string>();
  if (query.contains("client")) wanted.client = query.at("client").get<std::int64_t>();
  if (!query.contains("text")) return wanted;
  auto pattern = faults::Pattern::compile(query.at("text").get<std::string>());
  if (const auto* wrong = std::get_if<std::string>(&pattern))
    return Problem{400, "text is no regular expression: " + *wrong, "text"};
  wanted.text = std::get<faults::Pattern>(std::move(pattern));
  return wanted;
}

std::optional<std::uint64_t> number_in(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// A client that is shown events: first those that it asks for, as fast as it reads, then each as
/// it comes, until there were as many as it wanted or their time is over.
class Follower : public std::enable_shared_from_this<Follower> {
 public:
  /// Bytes that are written before we wait for the client.
  static constexpr std::size_t portion = std::size_t{256} * 1024;

  struct Wanted {
    Selection selection{};
    std::size_t most = SIZE_MAX;  // events
    bool as_events = false;
  };

  Follower(Journal& journal, at::Timeline& timeline, std::shared_ptr<Stream> stream, Wanted wanted)
      : journal_(journal),
        timeline_(timeline),
        stream_(std::move(stream)),
        wanted_(std::move(wanted)),
        end_(timeline) {}

  /// `ended` is told when it has ended the stream itself, and may destroy it.
  void follow(std::uint64_t since, std::function<void()> ended) {
    position_ = since;
    ended_ = std::move(ended);
    stream_->on_drained([weak = weak_from_this()] {
      const auto self = weak.lock();
      if (self && !self->live_) self->catch_up();
    });
    catch_up();
  }

 private:
  void catch_up() {
    for (std::size_t written = 0; position_ < journal_.last() && wanted_.most > 0;) {
      const auto page = journal_.since(position_, {}, 1);
      if (page.lost > 0) written += tell_lost(page.lost);
      position_ = page.next;
      for (const auto* event : page.events) written += show(*event);
      if (written >= portion) return;
    }
    if (wanted_.most == 0) return;
    live_ = journal_.subscribe([this](const journal::Event& event) { show(event); });
    constexpr at::Duration behind{1};
    if (wanted_.selection.to) end_in(*wanted_.selection.to + behind - timeline_.now());
  }

  std::size_t show(const journal::Event& event) {
    if (wanted_.most == 0 || !wanted_.selection.takes(event)) return 0;
    const auto size = write("id: " + std::to_string(event.seq) + '\n', journal_.line_of(event));
    if (--wanted_.most == 0) end_in({});
    return size;
  }

  std::size_t tell_lost(std::uint64_t lost) {
    const auto last = std::to_string(journal_.lost());
    return write("event: lost\nid: " + last + '\n', json{{"lost", lost}}.dump());
  }

  std::size_t write(const std::string& heading, const std::string& line) {
    auto text = wanted_.as_events ? heading + "data: " + line + "\n\n" : line + '\n';
    const auto size = text.size();
    stream_->write(std::move(text));
    return size;
  }

  /// Not from inside of the journal's call.
  void end_in(at::Duration delay) {
    end_.start(
        delay,
        [this] {
          stream_->close();
          // It may be the last that we do.
          const auto ended = std::move(ended_);
          if (ended) ended();
        },
        at::TimerKind::recurring);
  }

  Journal& journal_;
  at::Timeline& timeline_;
  std::shared_ptr<Stream> stream_;
  Wanted wanted_;
  std::uint64_t position_ = 0;
  std::function<void()> ended_;
  at::Timer end_;
  Journal::Subscription live_;  // once it has caught up
};

/// Everybody who is shown events now, on whichever loop. Whoever leaves is let go there.
class Followers {
 public:
  void add(std::shared_ptr<Follower> follower) {
    const std::lock_guard lock(mutex_);
    all_.insert(std::move(follower));
  }
  void let_go(const std::shared_ptr<Follower>& follower) {
    const std::lock_guard lock(mutex_);
    all_.erase(follower);
  }

 private:
  std::mutex mutex_;
  std::set<std::shared_ptr<Follower>> all_;
};

void follow(ControlledModem& modem, const Call& call, Selection selection,
            const Responder& responder, const std::shared_ptr<Followers>& followers) {
  const bool as_events = call.accepts(event_stream);
  const auto stream = responder.stream(as_events ? event_stream : lines);
  auto& journal = modem.journal();
  const auto follower = std::make_shared<Follower>(
      journal, modem.timeline(), stream,
      Follower::Wanted{std::move(selection), call.query.value("limit", SIZE_MAX), as_events});
  followers->add(follower);
  const auto let_go = [kept = std::weak_ptr(followers), gone = std::weak_ptr(follower)] {
    const auto all = kept.lock();
    if (all) all->let_go(gone.lock());
  };
  stream->on_closed(let_go);
  // Who comes back asks with the address of the first time, and says what it has got since.
  auto since = number_in(call.last_event_id);
  if (!since && call.query.contains("since")) since = call.query.at("since").get<std::uint64_t>();
  follower->follow(since.value_or(journal.last()), let_go);
}

void page(ControlledModem& modem, const std::string& run, const Call& call,
          const Selection& selection, const Responder& responder) {
  const auto since = call.query.value("since", std::uint64_t{0});
  const auto most = call.query.value("limit", usual_events);
  const auto found = modem.journal().since(since, selection, most);
  auto events = json::array();
  for (const auto* event : found.events) events.push_back(journal::to_json(*event));
  responder.reply(200,
                  {{"events", events}, {"next", found.next}, {"lost", found.lost}, {"run", run}});
}

std::vector<Parameter> selection_parameters() {
  constexpr double longest = 1e9;
  return {{"since", integer(0, most_seq),
           "Events after this one; a stream without it begins with the next event"},
          {"kind", list_of(one_of(kinds())), "These kinds alone, with commas between"},
          {"from", number(0, longest), "Virtual seconds since start; none that came earlier"},
          {"to", number(0, longest), "None that came later; a stream ends then"},
          {"channel", name(), "Of this channel alone"},
          {"client", integer(0, static_cast<int>(mqtt_backend::client_count) - 1),
           "Of this client_idx alone"},
          {"text", text(1, faults::Pattern::max_size),
           "A regular expression, searched in line, topic and text"},
          {"limit", integer(1, most_events),
           "So many at most; 1000 unless told. A stream ends with the last of them, and goes on "
           "without end unless told"}};
}

Route journal_route(const Fleet& fleet) {
  Route route;
  route.path = "/v1/modems/{modem}/journal";
  route.id = "getJournal";
  route.summary =
      "What happened to the modem; with Accept text/event-stream or "
      "application/x-ndjson as it happens";
  route.parameters = {modem_parameter()};
  route.query = selection_parameters();
  route.outcomes = {
      {200,
       "Events, what to ask for next, and how many are lost. A stream whose reader asks for events "
       "that are kept no more is told so before the first that is: {\"lost\":3} in a line, or as "
       "the data of an event named lost",
       object({{"events", list_of(open_object()), true},
               {"next", integer(0, most_seq), true},
               {"lost", integer(0, most_seq).described("Of all kinds, behind since"), true},
               {"run", text().described("Another one at each start of the program"), true}})},
      {200, "As they come", text(), event_stream},
      {200, "As they come", text(), lines}};
  const auto followers = std::make_shared<Followers>();
  route.handler = for_modem(fleet, [&fleet, followers](ControlledModem& modem, const Call& call,
                                                       const Responder& responder) {
    modem.run([&] {
      auto selection = selection_in(call.query);
      if (const auto* wrong = std::get_if<Problem>(&selection)) return responder.problem(*wrong);
      auto& wanted = std::get<Selection>(selection);
      if (call.accepts(event_stream) || call.accepts(lines))
        follow(modem, call, std::move(wanted), responder, followers);
      else
        page(modem, fleet.run_id(), call, wanted, responder);
    });
  });
  return route;
}

/// Somebody who waits for what is expected.
struct Waiting {
  Waiting(Expectation what, Responder to, at::Timeline& timeline)
      : expectation(std::move(what)), responder(std::move(to)), timer(timeline) {}

  Expectation expectation;
  Responder responder;
  at::Timer timer;
  Journal::Subscription subscription;
  std::uint64_t lost = 0;  // of the events that were to be looked at
};

/// Answers; nothing holds it afterwards but who calls.
void decide(const std::shared_ptr<Waiting>& waiting) {
  waiting->timer.stop();
  waiting->subscription.reset();
  auto verdict = waiting->expectation.verdict();
  if (waiting->lost > 0) verdict["lost"] = waiting->lost;
  if (waiting->expectation.state() == Expectation::State::met)
    return waiting->responder.reply(200, verdict);
  waiting->responder.problem({408, "it did not come as expected", {}, verdict});
}

void expect(ControlledModem& modem, const Call& call, const Responder& responder) {
  auto parsed = Expectation::parse(call.body);
  if (const auto* wrong = std::get_if<Expectation::Refusal>(&parsed))
    return responder.problem({400, wrong->detail, wrong->field});
  const auto waiting = std::make_shared<Waiting>(std::move(std::get<Expectation>(parsed)),
                                                 responder, modem.timeline());
  auto& expectation = waiting->expectation;
  auto& journal = modem.journal();
  const auto since = call.body.value("since", journal.last());
  const auto so_far = journal.since(since, {}, SIZE_MAX);
  waiting->lost = so_far.lost;
  for (const auto* event : so_far.events) expectation.see(*event);
  if (expectation.state() != Expectation::State::open) return decide(waiting);
  // The timer's action keeps it alive; it is decided outside of the journal's own call.
  auto& timer = waiting->timer;
  waiting->subscription = journal.subscribe([weak = std::weak_ptr(waiting)](const auto& event) {
    const auto kept = weak.lock();
    if (kept->expectation.see(event) == Expectation::State::open) return;
    kept->timer.start({}, [kept] { decide(kept); });
  });
  const auto within = std::chrono::duration<double>(call.body.value("within", 5.0));
  timer.start(
      std::chrono::duration_cast<at::Duration>(within),
      [waiting] {
        waiting->expectation.end();
        decide(waiting);
      },
      at::TimerKind::recurring);
  responder.on_gone([weak = std::weak_ptr(waiting)] {
    if (const auto kept = weak.lock()) {
      kept->subscription.reset();
      kept->timer.stop();
    }
  });
}

Route expect_route(const Fleet& fleet) {
  const auto wanted = open_object({{"kind", one_of(kinds()), true}})
                          .described(
                              "Texts are regular expressions, searched; other members have "
                              "to be equal");
  Route route;
  route.method = Method::post;
  route.path = "/v1/modems/{modem}/expect";
  route.id = "expect";
  route.summary = "Waits until the journal has what is described";
  route.parameters = {modem_parameter()};
  route.body = object(
      {{"within", number(0, most_seconds).described("Virtual seconds; 5 unless told")},
       {"all", list_of(wanted, 0, Expectation::most_members)},
       {"ordered", boolean()},
       {"none", list_of(wanted, 0, Expectation::most_members)},
       {"since", integer(0, most_seq).described("Events after this one; from now on unless told")},
       {"count", object({{"min", integer(0, 1'000'000)}, {"max", integer(0, 1'000'000)}})}});
  route.outcomes = {
      {200, "The events that it is",
       object({{"matched", list_of(integer(1, most_seq)), true},
               {"lost", integer(1, most_seq)
                            .described("Events behind since that are kept no more: nobody looked "
                                       "at them")}})},
      {408, "What is missing, and the nearest misses; lost as in 200"}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] { expect(modem, call, responder); });
      });
  return route;
}

}  // namespace

Routes journal_routes(const Fleet& fleet) { return {journal_route(fleet), expect_route(fleet)}; }

}  // namespace emulator::control
