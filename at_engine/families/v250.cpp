#include "at_engine/families/v250.hpp"

#include "at_engine/cme.hpp"
#include "at_engine/escape.hpp"

#include <utility>

#include <fmt/format.h>

namespace at::families {
namespace {

constexpr Param flag = choice("value", {0, 1}).optional();
constexpr Param zero = number("value", 0, 0).optional();
constexpr Param character = number("n", 0, 127);
constexpr Param result_sets = number("value", 0, 4).optional();
constexpr Param dtr_modes = number("value", 0, 2).optional();
constexpr Param error_modes = number("n", 0, 2);

/// Factory settings, then those of the profile.
void restore_parts(const std::vector<ProfilePart*>& parts, const std::optional<Profile>& profile) {
  for (auto* part : parts) {
    part->factory();
    if (profile) part->restore(*profile);
  }
}

}  // namespace

const std::array<Command<V250>, 14>& V250::commands() {
  static constexpr std::array<Command<V250>, 14> table{
      Command<V250>{.name = "E",
                    .params = {flag},
                    .write = &V250::echo,
                    .bare = true,
                    .test = TestForm::none,
                    .section = "2.13",
                    .summary = "Command echo"},
      Command<V250>{.name = "Q",
                    .params = {flag},
                    .write = &V250::quiet,
                    .bare = true,
                    .test = TestForm::none,
                    .section = "2.14",
                    .summary = "Result codes off (1) or on (0)"},
      Command<V250>{.name = "V",
                    .params = {flag},
                    .write = &V250::verbose,
                    .bare = true,
                    .test = TestForm::none,
                    .section = "2.15",
                    .summary = "Result codes as digits (0) or words (1)"},
      Command<V250>{.name = "X",
                    .params = {result_sets},
                    .write = &V250::result_set,
                    .bare = true,
                    .test = TestForm::none,
                    .section = "2.20",
                    .summary = "Set of CONNECT results"},
      Command<V250>{.name = "Z",
                    .params = {zero},
                    .write = &V250::reset,
                    .bare = true,
                    .test = TestForm::none,
                    .section = "2.12",
                    .summary = "Factory settings, then the stored profile"},
      Command<V250>{.name = "&F",
                    .params = {zero},
                    .write = &V250::factory,
                    .bare = true,
                    .test = TestForm::none,
                    .section = "2.9",
                    .summary = "Factory settings"},
      Command<V250>{.name = "&W",
                    .params = {zero},
                    .write = &V250::store_profile,
                    .bare = true,
                    .test = TestForm::none,
                    .section = "2.11",
                    .summary = "Store the profile"},
      Command<V250>{.name = "&V",
                    .exec = &V250::view,
                    .test = TestForm::none,
                    .section = "2.10",
                    .summary = "Show the settings"},
      Command<V250>{.name = "&C",
                    .params = {flag},
                    .write = &V250::dcd,
                    .bare = true,
                    .test = TestForm::none,
                    .section = "3.1",
                    .summary = "Carrier detect line"},
      Command<V250>{.name = "&D",
                    .params = {dtr_modes},
                    .write = &V250::dtr,
                    .bare = true,
                    .test = TestForm::none,
                    .section = "3.2",
                    .summary = "What a drop of DTR does"},
      Command<V250>{.name = "S3",
                    .params = {character},
                    .read = &V250::get_s3,
                    .write = &V250::set_s3,
                    .test = TestForm::none,
                    .section = "2.17",
                    .summary = "Line end character"},
      Command<V250>{.name = "S4",
                    .params = {character},
                    .read = &V250::get_s4,
                    .write = &V250::set_s4,
                    .test = TestForm::none,
                    .section = "2.18",
                    .summary = "Second framing character"},
      Command<V250>{.name = "S5",
                    .params = {character},
                    .read = &V250::get_s5,
                    .write = &V250::set_s5,
                    .test = TestForm::none,
                    .section = "2.19",
                    .summary = "Backspace character"},
      Command<V250>{.name = "+CMEE",
                    .params = {error_modes},
                    .read = &V250::get_error_mode,
                    .write = &V250::error_mode,
                    .bad_param = BadParam::cme,
                    .section = "2.23",
                    .summary = "Error reports: ERROR (0), number (1), text (2)"},
  };
  static_assert(well_formed(table));
  return table;
}

V250::V250(std::string name, Channel& channel, ProfileStore& store, std::vector<ProfilePart*> parts,
           Shared shared, std::function<bool()> also_factory, std::function<void()> lines_changed)
    : name_(std::move(name)),
      channel_(channel),
      store_(store),
      parts_(std::move(parts)),
      shared_(std::move(shared)),
      also_factory_(std::move(also_factory)),
      lines_changed_(std::move(lines_changed)) {}

void V250::restore() {
  const auto profile = store_.load(name_);
  const auto stored = profile.value_or(Profile{});
  channel_ = Channel{};
  channel_.echo = stored_value(stored, "E", flag, channel_.echo) != 0;
  channel_.quiet = stored_value(stored, "Q", flag, channel_.quiet) != 0;
  channel_.verbose = stored_value(stored, "V", flag, channel_.verbose) != 0;
  channel_.result_set = stored_value(stored, "X", result_sets, channel_.result_set);
  channel_.dcd = stored_value(stored, "&C", flag, channel_.dcd);
  channel_.dtr = stored_value(stored, "&D", dtr_modes, channel_.dtr);
  restore_parts(parts_, profile);
  if (lines_changed_) lines_changed_();
}

void V250::snapshot(Memo& memo) {
  memo.flag("echo", channel_.echo);
  memo.flag("quiet", channel_.quiet);
  memo.flag("verbose", channel_.verbose);
  memo.whole("result_set", channel_.result_set, result_sets);
  memo.whole("dcd", channel_.dcd, flag);
  memo.whole("dtr", channel_.dtr, dtr_modes);
  memo.whole("cmee", channel_.cmee, error_modes);
  memo.whole("s3", channel_.s3, character);
  memo.whole("s4", channel_.s4, character);
  memo.whole("s5", channel_.s5, character);
  if (memo.restoring() && lines_changed_) lines_changed_();
}

void V250::factory_settings() {
  channel_ = Channel{};
  for (auto* part : parts_) part->factory();
  if (lines_changed_) lines_changed_();
}

Outcome V250::reset(const Args&) {
  restore();
  restore_parts(shared_.parts, store_.load(shared_.profile));
  return Outcome::ok();
}

Outcome V250::factory(const Args&) {
  if (also_factory_ && !also_factory_()) return Outcome::cme(cme::memory_failure);
  factory_settings();
  for (auto* part : shared_.parts) part->factory();
  return Outcome::ok();
}

Outcome V250::store_profile(const Args&) {
  Profiles changes;
  if (!shared_.parts.empty()) {
    auto& profile = changes[shared_.profile] = store_.load(shared_.profile).value_or(Profile{});
    for (const auto* part : shared_.parts) part->store(profile);
  }
  auto& profile =
      changes[name_] = {{"E", channel_.echo},       {"Q", channel_.quiet}, {"V", channel_.verbose},
                        {"X", channel_.result_set}, {"&C", channel_.dcd},  {"&D", channel_.dtr}};
  for (const auto* part : parts_) part->store(profile);
  return store_.save(changes) ? Outcome::ok() : Outcome::cme(cme::memory_failure);
}

Outcome V250::view() {
  // S12 is the guard time of "+++" in fiftieths of a second, and cannot be set.
  constexpr auto escape_guard = Escape::guard / std::chrono::milliseconds(20);
  return Outcome::ok(
      {fmt::format("&C: {}", channel_.dcd), fmt::format("&D: {}", channel_.dtr), "&F: 0", "&W: 0",
       fmt::format("E: {:d}", channel_.echo), fmt::format("Q: {:d}", channel_.quiet),
       fmt::format("V: {:d}", channel_.verbose), fmt::format("X: {}", channel_.result_set), "Z: 0",
       fmt::format("S3: {:d}", channel_.s3), fmt::format("S4: {:d}", channel_.s4),
       fmt::format("S5: {:d}", channel_.s5), fmt::format("S12: {}", escape_guard)});
}

Outcome V250::echo(const Args& args) {
  channel_.echo = args.number_or(0, 0) != 0;
  return Outcome::ok();
}

Outcome V250::quiet(const Args& args) {
  channel_.quiet = args.number_or(0, 0) != 0;
  return Outcome::ok();
}

Outcome V250::verbose(const Args& args) {
  channel_.verbose = args.number_or(0, 0) != 0;
  return Outcome::ok();
}

Outcome V250::result_set(const Args& args) {
  channel_.result_set = args.number_or(0, 0);
  return Outcome::ok();
}

Outcome V250::dcd(const Args& args) {
  channel_.dcd = args.number_or(0, 0);
  if (lines_changed_) lines_changed_();
  return Outcome::ok();
}

Outcome V250::dtr(const Args& args) {
  channel_.dtr = args.number_or(0, 0);
  return Outcome::ok();
}

Outcome V250::set_s3(const Args& args) {
  channel_.s3 = static_cast<char>(args.number(0));
  return Outcome::ok();
}

Outcome V250::get_s3() { return Outcome::ok(fmt::format("{:d}", channel_.s3)); }

Outcome V250::set_s4(const Args& args) {
  channel_.s4 = static_cast<char>(args.number(0));
  return Outcome::ok();
}

Outcome V250::get_s4() { return Outcome::ok(fmt::format("{:d}", channel_.s4)); }

Outcome V250::set_s5(const Args& args) {
  channel_.s5 = static_cast<char>(args.number(0));
  return Outcome::ok();
}

Outcome V250::get_s5() { return Outcome::ok(fmt::format("{:d}", channel_.s5)); }

Outcome V250::error_mode(const Args& args) {
  channel_.cmee = args.number(0);
  return Outcome::ok();
}

Outcome V250::get_error_mode() { return Outcome::ok(fmt::format("+CMEE: {}", channel_.cmee)); }

}  // namespace at::families
