#include "emulator/device/clock.hpp"

#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;

constexpr int cme_incorrect_parameters = 50;
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

const std::array<Command<Clock>, 1>& Clock::commands() {
  static constexpr std::array<Command<Clock>, 1> table{{
      {.name = "+CCLK",
       .params = {at::text("time", 0, 32)},
       .read = &Clock::read,
       .write = &Clock::write,
       .test = at::TestForm::bare,
       .bad_param = at::BadParam::cme,
       .section = "10.2",
       .summary = "Clock"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

std::int64_t Clock::since_start_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(timeline_.now().time_since_epoch())
      .count();
}

std::int64_t Clock::unix_ms() const { return unix_ms_at_start_ + since_start_ms(); }

void Clock::set(std::int64_t unix_ms, int zone) {
  unix_ms_at_start_ = unix_ms - since_start_ms();
  zone_ = zone;
}

Outcome Clock::read() {
  using namespace std::chrono;
  const sys_time<milliseconds> local{milliseconds(unix_ms() + zone_ * quarter_ms)};
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss time{floor<seconds>(local - day)};
  return Outcome::ok(fmt::format(
      "+CCLK: \"{:02}/{:02}/{:02},{:02}:{:02}:{:02}{:+03}\"", static_cast<int>(date.year()) % 100,
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
      time.minutes().count(), time.seconds().count(), zone_));
}

Outcome Clock::write(const at::Args& args) {
  const auto moment = parse_clock(args.text(0), zone_);
  if (!moment) return Outcome::cme(cme_incorrect_parameters);
  set(moment->unix_ms, moment->zone.value_or(zone_));
  return Outcome::ok();
}

std::optional<LocalTime> parse_clock(std::string_view text, int zone) {
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
  return LocalTime{local.count() - given.value_or(zone) * quarter_ms, given};
}

}  // namespace emulator::device
