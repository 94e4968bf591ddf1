#include "emulator/control/routes_journal.hpp"

#include "emulator/journal/expectation.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace emulator::control {
namespace {

using journal::Expectation;
using journal::Journal;
using journal::Kind;
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

std::set<Kind> kinds_in(const json& query) {
  std::set<Kind> wanted;
  for (const auto& name : query.value("kind", json::array()))
    if (const auto kind = journal::kind_of(name.get<std::string>())) wanted.insert(*kind);
  return wanted;
}

std::optional<std::uint64_t> number_in(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// A client that is shown events: first those that it asks for, as fast as it reads, then each as
/// it comes.
class Follower : public std::enable_shared_from_this<Follower> {
 public:
  /// Bytes that are written before we wait for the client.
  static constexpr std::size_t portion = std::size_t{256} * 1024;

  Follower(Journal& journal, std::shared_ptr<Stream> stream, std::set<Kind> kinds, bool as_events)
      : journal_(journal),
        stream_(std::move(stream)),
        kinds_(std::move(kinds)),
        as_events_(as_events) {}

  void follow(std::uint64_t since) {
    position_ = since;
    stream_->on_drained([weak = weak_from_this()] {
      const auto self = weak.lock();
      if (self && !self->live_) self->catch_up();
    });
    catch_up();
  }

 private:
  void catch_up() {
    for (std::size_t written = 0; position_ < journal_.last();) {
      const auto page = journal_.since(position_, {}, 1);
      position_ = page.next;
      for (const auto* event : page.events) written += show(*event);
      if (written >= portion) return;
    }
    live_ = journal_.subscribe([this](const journal::Event& event) { show(event); });
  }

  std::size_t show(const journal::Event& event) {
    if (!kinds_.empty() && kinds_.count(event.kind) == 0) return 0;
    const auto line = journal::to_line(event);
    auto text =
        as_events_ ? "id: " + std::to_string(event.seq) + "\ndata: " + line + "\n\n" : line + "\n";
    const auto size = text.size();
    stream_->write(std::move(text));
    return size;
  }

  Journal& journal_;
  std::shared_ptr<Stream> stream_;
  std::set<Kind> kinds_;
  bool as_events_;
  std::uint64_t position_ = 0;
  Journal::Subscription live_;  // once it has caught up
};

/// Everybody who is shown events now. Whoever leaves is let go.
using Followers = std::set<std::shared_ptr<Follower>>;

void follow(ControlledModem& modem, const Call& call, const Responder& responder,
            const std::shared_ptr<Followers>& followers) {
  const bool as_events = call.accepts(event_stream);
  const auto stream = responder.stream(as_events ? event_stream : lines);
  auto& journal = modem.journal();
  const auto follower =
      std::make_shared<Follower>(journal, stream, kinds_in(call.query), as_events);
  followers->insert(follower);
  stream->on_closed([kept = std::weak_ptr(followers), gone = std::weak_ptr(follower)] {
    const auto all = kept.lock();
    if (all) all->erase(gone.lock());
  });
  // Who comes back asks with the address of the first time, and says what it has got since.
  auto since = number_in(call.last_event_id);
  if (!since && call.query.contains("since")) since = call.query.at("since").get<std::uint64_t>();
  follower->follow(since.value_or(journal.last()));
}

void page(ControlledModem& modem, const Call& call, const Responder& responder) {
  const auto since = call.query.value("since", std::uint64_t{0});
  const auto most = call.query.value("limit", usual_events);
  const auto found = modem.journal().since(since, kinds_in(call.query), most);
  auto events = json::array();
  for (const auto* event : found.events) events.push_back(journal::to_json(*event));
  responder.reply(200, {{"events", events}, {"next", found.next}, {"lost", found.lost}});
}

Route journal_route(const Fleet& fleet) {
  Route route;
  route.path = "/v1/modems/{modem}/journal";
  route.id = "getJournal";
  route.summary =
      "What happened to the modem; with Accept text/event-stream or "
      "application/x-ndjson as it happens";
  route.parameters = {modem_parameter()};
  route.query = {{"since", integer(0, most_seq),
                  "Events after this one; a stream without it begins "
                  "with the next event"},
                 {"kind", list_of(one_of(kinds())), "These kinds alone, with commas between"},
                 {"limit", integer(1, most_events), "So many at most; 1000 unless told"}};
  route.outcomes = {{200, "Events, what to ask for next, and how many are lost",
                     object({{"events", list_of(open_object()), true},
                             {"next", integer(0, most_seq), true},
                             {"lost", integer(0, most_seq), true}})}};
  const auto followers = std::make_shared<Followers>();
  route.handler = for_modem(
      fleet, [followers](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] {
          if (call.accepts(event_stream) || call.accepts(lines))
            follow(modem, call, responder, followers);
          else
            page(modem, call, responder);
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
};

/// Answers; nothing holds it afterwards but who calls.
void decide(const std::shared_ptr<Waiting>& waiting) {
  waiting->timer.stop();
  waiting->subscription.reset();
  const auto verdict = waiting->expectation.verdict();
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
  for (const auto* event : journal.since(since, {}, SIZE_MAX).events) expectation.see(*event);
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
      {200, "The events that it is", object({{"matched", list_of(integer(1, most_seq)), true}})},
      {408, "What is missing, and the nearest misses"}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] { expect(modem, call, responder); });
      });
  return route;
}

}  // namespace

Routes journal_routes(const Fleet& fleet) { return {journal_route(fleet), expect_route(fleet)}; }

}  // namespace emulator::control
