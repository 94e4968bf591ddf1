#include "emulator/device/clock/clock.hpp"

#include "at_engine/cme.hpp"

#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;

// reading: a module that never met a network shows the date of the manual's example
constexpr std::int64_t cold_start_ms = 1199405983000;  // 2008-01-04 00:19:43
constexpr std::string_view update_key = "CTZU";
constexpr std::string_view report_key = "CTZR";
constexpr int first_year = 2000;
constexpr int min_zone = -48;
constexpr int max_zone = 56;
constexpr std::int64_t quarter_ms = 15 * 60 * 1000;
constexpr std::size_t moment_size = 17;  // yy/MM/dd,hh:mm:ss
constexpr std::size_t zone_size = 3;     // +zz

std::optional<int> two_digits(std::string_view text, std::size_t at, int low, int high) {
  int value = 0;
  const char* const end = text.data() + at + 2;
  const auto result = std::from_chars(text.data() + at, end, value);
  if (result.ec != std::errc{} || result.ptr != end || value < low || value > high)
    return std::nullopt;
  return value;
}

std::string digits(std::int64_t shown_ms, int year_modulus) {
  using namespace std::chrono;
  const sys_time<milliseconds> moment{milliseconds(shown_ms)};
  const auto day = floor<days>(moment);
  const year_month_day date{day};
  const hh_mm_ss time{floor<seconds>(moment - day)};
  return fmt::format("{:02}/{:02}/{:02},{:02}:{:02}:{:02}",
                     static_cast<int>(date.year()) % year_modulus,
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

constexpr at::Param updates = at::choice("onoff", {0, 1, 3});
constexpr at::Param reports = at::choice("reporting", {0, 1, 2});
constexpr at::Param zones = at::number("zone", min_zone, max_zone);
// A thousand years either way.
constexpr at::Param any_moment = at::number("ms", -31'556'952'000'000, 31'556'952'000'000);

bool has_separators(std::string_view text) {
  return text[2] == '/' && text[5] == '/' && text[8] == ',' && text[11] == ':' && text[14] == ':';
}

std::optional<int> parse_zone(std::string_view text) {
  const auto quarters = two_digits(text, 1, 0, 99);
  if ((text[0] != '+' && text[0] != '-') || !quarters) return std::nullopt;
  const int zone = text[0] == '-' ? -*quarters : *quarters;
  if (zone < min_zone || zone > max_zone) return std::nullopt;
  return zone;
}

}  // namespace

const std::array<Command<Clock>, 4>& Clock::commands() {
  static constexpr std::array<Command<Clock>, 4> table{{
      {.name = "+CCLK",
       .params = {at::text("time", 0, 32)},
       .read = &Clock::read,
       .write = &Clock::write,
       .test = at::TestForm::bare,
       .bad_param = at::BadParam::cme,
       .section = "10.2",
       .summary = "Clock"},
      {.name = "+CTZU",
       .params = {updates},
       .read = &Clock::get_update,
       .write = &Clock::set_update,
       .bad_param = at::BadParam::cme,
       .section = "6.6",
       .summary = "The network's time sets the clock: not, in UTC, in local time"},
      {.name = "+CTZR",
       .params = {reports},
       .read = &Clock::get_report,
       .write = &Clock::set_report,
       .bad_param = at::BadParam::cme,
       .section = "6.7",
       .summary = "Reports of the time zone, from the next start on"},
      {.name = "+QLTS",
       .params = {at::number("mode", 0, 2).optional()},
       .write = &Clock::synchronised,
       .bare = true,
       .bad_param = at::BadParam::cme,
       .section = "6.8",
       .summary = "Time as the network told it: then, now in UTC, now in local time"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Clock::Clock(at::Timeline& timeline, at::Announce& announce, Nvram& nvram)
    : timeline_(timeline), announce_(announce), nvram_(nvram), unix_ms_at_start_(cold_start_ms) {}

std::int64_t Clock::uptime_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(timeline_.now().time_since_epoch())
      .count();
}

std::int64_t Clock::unix_ms() const { return unix_ms_at_start_ + uptime_ms(); }

void Clock::set(std::int64_t unix_ms) { unix_ms_at_start_ = unix_ms - uptime_ms(); }

void Clock::start() {
  update_ = static_cast<ZoneUpdate>(
      stored_number(nvram_, update_key, updates, static_cast<int>(ZoneUpdate::utc)));
  report_ = static_cast<ZoneReport>(
      stored_number(nvram_, report_key, reports, static_cast<int>(ZoneReport::off)));
  reported_zone_.reset();
}

void Clock::snapshot(at::Memo& memo, std::int64_t world_ms) {
  memo.enter("clock");
  auto ahead_ms = unix_ms_at_start_ - world_ms;
  memo.whole("ahead_ms", ahead_ms, any_moment);
  if (memo.restoring()) unix_ms_at_start_ = world_ms + ahead_ms;
  memo.whole("zone", zone_, zones);
  memo.flag("shows_local", shows_local_);
  memo.whole("ctzu", update_, updates);
  memo.whole("ctzr", report_, reports);
  memo.maybe_whole("reported_zone", reported_zone_, zones);
  if (memo.maybe("last_sync", last_sync_.has_value())) {
    auto time = last_sync_.value_or(NetworkTime{});
    auto world_then_ms = world_ms + last_sync_uptime_ms_;
    memo.group("last_sync", [&] {
      memo.whole("unix_ms", time.unix_ms, any_moment);
      memo.whole("zone", time.zone, zones);
      memo.flag("daylight_saving", time.daylight_saving);
      memo.whole("at_ms", world_then_ms, any_moment);
    });
    last_sync_ = time;
    last_sync_uptime_ms_ = world_then_ms - world_ms;
  } else {
    last_sync_.reset();
  }
  memo.leave();
}

bool Clock::factory() {
  constexpr int off = static_cast<int>(ZoneReport::off);
  return stored_number(nvram_, report_key, reports, off) == off ||
         nvram_.set(report_key, std::to_string(off));
}

void Clock::network_time(const NetworkTime& time) {
  last_sync_ = time;
  last_sync_uptime_ms_ = uptime_ms();
  if (update_ != ZoneUpdate::off) {
    set(time.unix_ms);
    zone_ = time.zone;
    shows_local_ = update_ == ZoneUpdate::local;
  }
  if (reported_zone_ != time.zone) report(time);
  reported_zone_ = time.zone;
}

void Clock::report(const NetworkTime& time) {
  if (report_ == ZoneReport::zone) announce_.announce(fmt::format("+CTZV: \"{:+03}\"", time.zone));
  if (report_ == ZoneReport::zone_and_time)
    announce_.announce(fmt::format("+CTZE: \"{:+03}\",{:d},\"{}\"", time.zone, time.daylight_saving,
                                   long_form(time.unix_ms + time.zone * quarter_ms)));
}

std::string Clock::long_form(std::int64_t shown_ms) { return digits(shown_ms, 10000); }

Outcome Clock::read() {
  const auto shown = unix_ms() + (shows_local_ ? zone_ * quarter_ms : 0);
  return Outcome::ok(fmt::format("+CCLK: \"{}{:+03}\"", digits(shown, 100), zone_));
}

Outcome Clock::write(const at::Args& args) {
  const auto given = parse_clock(args.text(0));
  if (!given) return Outcome::cme(at::cme::incorrect_parameters);
  zone_ = given->zone.value_or(zone_);
  shows_local_ = true;
  set(given->shown_ms - zone_ * quarter_ms);
  return Outcome::ok();
}

Outcome Clock::get_update() {
  return Outcome::ok(fmt::format("+CTZU: {}", static_cast<int>(update_)));
}

Outcome Clock::set_update(const at::Args& args) {
  if (!nvram_.set(update_key, std::to_string(args.number(0))))
    return Outcome::cme(at::cme::memory_failure);
  update_ = static_cast<ZoneUpdate>(args.number(0));
  return Outcome::ok();
}

Outcome Clock::get_report() {
  return Outcome::ok(fmt::format(
      "+CTZR: {}", stored_number(nvram_, report_key, reports, static_cast<int>(ZoneReport::off))));
}

Outcome Clock::set_report(const at::Args& args) {
  if (!nvram_.set(report_key, std::to_string(args.number(0))))
    return Outcome::cme(at::cme::memory_failure);
  return Outcome::ok();
}

Outcome Clock::synchronised(const at::Args& args) {
  if (!last_sync_) return Outcome::ok("+QLTS: \"\"");
  constexpr int now_local = 2;
  const int mode = args.number_or(0, 0);
  auto shown = last_sync_->unix_ms;
  if (mode != 0) shown += uptime_ms() - last_sync_uptime_ms_;
  if (mode == now_local) shown += last_sync_->zone * quarter_ms;
  return Outcome::ok(fmt::format("+QLTS: \"{}{:+03},{:d}\"", long_form(shown), last_sync_->zone,
                                 last_sync_->daylight_saving));
}

std::optional<ClockText> parse_clock(std::string_view text) {
  using namespace std::chrono;
  const bool zoned = text.size() == moment_size + zone_size;
  if ((!zoned && text.size() != moment_size) || !has_separators(text)) return std::nullopt;
  const auto y = two_digits(text, 0, 0, 99);
  const auto month = two_digits(text, 3, 1, 12);
  const auto day = two_digits(text, 6, 1, 31);
  const auto hour = two_digits(text, 9, 0, 23);
  const auto minute = two_digits(text, 12, 0, 59);
  const auto second = two_digits(text, 15, 0, 59);
  if (!y || !month || !day || !hour || !minute || !second) return std::nullopt;
  const auto given = zoned ? parse_zone(text.substr(moment_size)) : std::nullopt;
  const year_month_day date{year(first_year + *y),
                            std::chrono::month(static_cast<unsigned>(*month)),
                            std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || (zoned && !given)) return std::nullopt;
  const milliseconds local =
      sys_days(date).time_since_epoch() + hours(*hour) + minutes(*minute) + seconds(*second);
  return ClockText{local.count(), given};
}

}  // namespace emulator::device
