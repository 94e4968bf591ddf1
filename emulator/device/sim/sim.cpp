#include "emulator/device/sim/sim.hpp"

#include "at_engine/cme.hpp"
#include "codec/json_text.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace emulator::device {
namespace {

constexpr std::string_view presence_key = "QSIMSTAT";
constexpr std::string_view detection_key = "QSIMDET";

}  // namespace

Sim::Sim(at::Timeline& timeline, at::Announce& announce, Nvram& nvram, const SimCard& card,
         BootTimes times)
    : timeline_(timeline),
      announce_(announce),
      nvram_(nvram),
      card_(card),
      times_(times),
      files_(sim_files(card_)),
      basic_channel_(make_channel()),
      timer_(timeline),
      locks_{{card.pin}, {card.pin2}, card.pin_enabled} {
  load_locks();
}

SimApdu Sim::make_channel() const {
  return {files_,
          [this](int pin, bool unblock) {
            const auto& lock = pin == 1 ? locks_.pin : locks_.pin2;
            return unblock ? lock.unblock_tries : lock.tries;
          },
          [this] { return ready(); }};
}

void Sim::start() {
  reports_presence_ = nvram_.get(presence_key) == "1";
  hot_plug_ = detection().front() == '1';
}

bool Sim::is_possible(const Lock& lock) {
  const auto within = [](int value, int most) { return value >= 0 && value <= most; };
  return is_pin(lock.secret) && within(lock.tries, pin_tries) &&
         within(lock.unblock_tries, puk_tries);
}

std::string Sim::detection() const {
  const auto stored = nvram_.get(detection_key).value_or("");
  const bool possible = stored.size() == 3 && stored[1] == ',' &&
                        (stored[0] == '0' || stored[0] == '1') &&
                        (stored[2] == '0' || stored[2] == '1');
  return possible ? stored : "0,0";
}

void Sim::load_locks() {
  const auto stored = nvram_.get("SIM/" + card_.iccid);
  if (!stored) return;
  const auto json = codec::parse_json(*stored);
  try {
    Lock pin{json.at("pin"), json.at("pin_tries"), json.at("puk_tries")};
    Lock pin2{json.at("pin2"), json.at("pin2_tries"), json.at("puk2_tries")};
    const bool enabled = json.at("pin_enabled");
    if (!is_possible(pin) || !is_possible(pin2)) return;
    locks_ = {std::move(pin), std::move(pin2), enabled};
  } catch (const nlohmann::json::exception&) {
    return;  // a card that cannot be read is as new
  }
}

bool Sim::store(const Locks& locks) {
  const nlohmann::json json{{"pin", locks.pin.secret},
                            {"pin_tries", locks.pin.tries},
                            {"puk_tries", locks.pin.unblock_tries},
                            {"pin2", locks.pin2.secret},
                            {"pin2_tries", locks.pin2.tries},
                            {"puk2_tries", locks.pin2.unblock_tries},
                            {"pin_enabled", locks.pin_enabled}};
  return nvram_.set("SIM/" + card_.iccid, json.dump());
}

int Sim::obstacle() const {
  switch (state_) {
    case State::absent:
      return at::cme::sim_not_inserted;
    case State::starting:
      return at::cme::sim_busy;
    case State::pin:
      return at::cme::sim_pin_required;
    case State::puk:
      return at::cme::sim_puk_required;
    case State::unpowered:
    case State::blocked:
      return at::cme::sim_failure;
    case State::ready:
      break;
  }
  return 0;
}

void Sim::enter(State state) {
  const bool was_ready = ready();
  const auto from = std::exchange(state_, state);
  if (watcher_ && from != state) watcher_(from, state);
  if (ready() == was_ready) return;
  if (was_ready) messages_ready_ = contacts_ready_ = false;
  listener_(ready());
}

void Sim::power(bool on, Occasion occasion) {
  if (on == powered_) return;
  powered_ = on;
  ground_.revoke();
  timer_.stop();
  channels_.clear();
  basic_channel_.deselect();
  if (on)
    begin(occasion);
  else
    enter(inserted_ ? State::unpowered : State::absent);
}

void Sim::begin(Occasion occasion) {
  if (!inserted_) {
    enter(State::absent);
    announce_.announce("+CPIN: NOT INSERTED");
    return;
  }
  enter(State::starting);
  say_later(times_.sim, [this, occasion] { wake(occasion); });
}

void Sim::wake(Occasion occasion) {
  if (locks_.pin.unblock_tries == 0) return enter(State::blocked);
  if (locks_.pin.tries == 0) {
    enter(State::puk);
    announce_.announce("+CPIN: SIM PUK");
  } else if (locks_.pin_enabled) {
    enter(State::pin);
    announce_.announce("+CPIN: SIM PIN");
  } else {
    open_up(occasion);
  }
}

void Sim::open_up(Occasion occasion) {
  announce_.announce("+CPIN: READY");
  const bool boot = occasion == Occasion::boot;
  say_later(times_.usim, [this, boot] {
    announce_.announce("+QUSIM: 1");
    say_later(times_.messages, [this, boot] {
      (boot ? messages_ready_ : contacts_ready_) = true;
      announce_.announce(boot ? "+QIND: SMS DONE" : "+QIND: PB DONE");
      say_later(times_.contacts, [this, boot] {
        messages_ready_ = contacts_ready_ = true;
        announce_.announce(boot ? "+QIND: PB DONE" : "+QIND: SMS DONE");
      });
    });
  });
  enter(State::ready);
}

void Sim::say_later(at::Duration delay, std::function<void()> what) {
  if (delay == at::Duration::zero()) return what();
  timer_.start(delay, std::move(what));
}

// reading: a card that is taken out is missed at once; one that is put in is noticed only when
// +QSIMDET said so before the start, else at the next start
void Sim::insert(bool inserted) {
  if (inserted == inserted_) return;
  inserted_ = inserted;
  if (!powered_) return enter(inserted ? State::unpowered : State::absent);
  if (inserted && !hot_plug_) return;
  if (reports_presence_) announce_.announce(fmt::format("+QSIMSTAT: 1,{:d}", inserted));
  ground_.revoke();
  timer_.stop();
  if (inserted) return begin(Occasion::function_level);
  enter(State::absent);
  announce_.announce("+CPIN: NOT READY");
}

std::optional<std::string> Sim::busy() const {
  if (state_ == State::starting || timer_.running()) return "the SIM starts";
  return std::nullopt;
}

void Sim::snapshot(at::Memo& memo, std::string_view name, Lock& lock) {
  memo.enter(name);
  memo.text("secret", lock.secret, at::text("secret", 4, 8));
  memo.whole("tries", lock.tries, at::number("tries", 0, pin_tries));
  memo.whole("unblock_tries", lock.unblock_tries, at::number("unblock_tries", 0, puk_tries));
  memo.require(is_pin(lock.secret), "secret", "must be 4 to 8 digits");
  memo.leave();
}

void Sim::snapshot_channels(at::Memo& memo) {
  std::vector<int> sessions;
  for (const auto& [session, channel] : channels_) sessions.push_back(session);
  basic_channel_.snapshot(memo);
  memo.list("logical_channels", sessions, max_channels, [&](int& session) {
    memo.whole("session", session, at::number("session", 1, max_channels));
    channels_.try_emplace(session, make_channel()).first->second.snapshot(memo);
  });
}

void Sim::snapshot(at::Memo& memo, bool powered) {
  static constexpr std::array<std::string_view, 7> names{"absent", "unpowered", "starting", "pin",
                                                         "puk",    "blocked",   "ready"};
  memo.enter("sim");
  if (memo.restoring()) {
    powered_ = powered;
    ground_.revoke();
    channels_.clear();
  }
  memo.flag("inserted", inserted_);
  memo.word("state", state_, names);
  memo.flag("messages_ready", messages_ready_);
  memo.flag("contacts_ready", contacts_ready_);
  memo.flag("pin_enabled", locks_.pin_enabled);
  snapshot(memo, "pin", locks_.pin);
  snapshot(memo, "pin2", locks_.pin2);
  memo.flag("reports_presence", reports_presence_);
  memo.flag("hot_plug", hot_plug_);
  snapshot_channels(memo);
  const bool possible = !powered
                            ? state_ == (inserted_ ? State::unpowered : State::absent)
                            : state_ == State::absent || (inserted_ && state_ != State::unpowered);
  memo.require(possible && state_ != State::starting, "state", "is not possible with this power");
  memo.leave();
}

}  // namespace emulator::device
