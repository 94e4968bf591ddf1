#include "emulator/device/packet_data/data_counter.hpp"

#include "at_engine/cme.hpp"

#include <charconv>
#include <chrono>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;
using cellular::Traffic;

constexpr int min_interval_s = 30;
constexpr int max_interval_s = 65535;
constexpr std::string_view storage_name = "QGDCNT";

/// "sent,received"; what cannot be read counts as zero.
Traffic parse(std::string_view text) {
  Traffic result;
  const auto* const end = text.data() + text.size();
  const auto sent = std::from_chars(text.data(), end, result.sent);
  if (sent.ec == std::errc{} && sent.ptr != end)
    std::from_chars(sent.ptr + 1, end, result.received);
  return result;
}

}  // namespace

const std::array<Command<DataCounter>, 2>& DataCounter::commands() {
  static constexpr std::array<Command<DataCounter>, 2> table{{
      {.name = "+QGDCNT",
       .params = {at::choice("op", {0, 1})},
       .read = &DataCounter::count,
       .write = &DataCounter::operate,
       .bad_param = at::BadParam::cme,
       .section = "9",
       .summary = "Bytes sent and received over links, without TCP and TLS; to zero (0), save (1)"},
      {.name = "+QAUGDCNT",
       .params = {at::number("value", 0, max_interval_s)},
       .read = &DataCounter::get_interval,
       .write = &DataCounter::set_interval,
       .bad_param = at::BadParam::cme,
       .shown = "(0,30-65535)",
       .section = "9",
       .summary = "Seconds between savings of that count; 0 = none"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Traffic DataCounter::metered() const { return meter_ ? meter_() : Traffic{}; }

Traffic DataCounter::now() const {
  const auto total = metered();
  return {carried_over_.sent + total.sent - base_.sent,
          carried_over_.received + total.received - base_.received};
}

void DataCounter::start() {
  carried_over_ = parse(nvram_.get(storage_name).value_or(""));
  base_ = metered();
  interval_s_ = 0;
}

void DataCounter::snapshot(at::Memo& memo) {
  constexpr auto bytes = at::number("bytes", 0, INT64_MAX);
  auto value = now();
  memo.enter("data_counter");
  memo.whole("sent", value.sent, bytes);
  memo.whole("received", value.received, bytes);
  memo.whole("interval_s", interval_s_, at::number("value", 0, max_interval_s));
  const bool possible = interval_s_ == 0 || interval_s_ >= min_interval_s;
  memo.require(possible, "interval_s", "must be 0 or at least 30");
  memo.leave();
  if (!memo.restoring()) return;
  carried_over_ = value;
  base_ = metered();
  saving_.stop();
  if (interval_s_ != 0 && possible) save_later();
}

bool DataCounter::save() {
  const auto value = now();
  return nvram_.set(storage_name, fmt::format("{},{}", value.sent, value.received));
}

void DataCounter::save_later() {
  saving_.start(
      std::chrono::seconds(interval_s_),
      [this] {
        static_cast<void>(save());
        save_later();
      },
      at::TimerKind::recurring);
}

Outcome DataCounter::count() {
  const auto value = now();
  return Outcome::ok(fmt::format("+QGDCNT: {},{}", value.sent, value.received));
}

Outcome DataCounter::operate(const at::Args& args) {
  if (args.number(0) == 0) {
    carried_over_ = {};
    base_ = metered();
    return Outcome::ok();
  }
  return save() ? Outcome::ok() : Outcome::cme(at::cme::memory_failure);
}

Outcome DataCounter::get_interval() {
  return Outcome::ok(fmt::format("+QAUGDCNT: {}", interval_s_));
}

// reading: the interval itself is not saved
Outcome DataCounter::set_interval(const at::Args& args) {
  const int seconds = args.number(0);
  if (seconds != 0 && seconds < min_interval_s) return Outcome::cme(at::cme::incorrect_parameters);
  interval_s_ = seconds;
  saving_.stop();
  if (seconds != 0) save_later();
  return Outcome::ok();
}

}  // namespace emulator::device
