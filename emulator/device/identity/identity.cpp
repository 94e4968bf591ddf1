#include "emulator/device/identity/identity.hpp"

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::TestForm;

constexpr std::string_view imei_maker = "86676406";  // a made-up range of the maker
constexpr std::string_view card_maker = "898823900000";
constexpr std::string_view firmware_key = "fota/firmware";

}  // namespace

char luhn_digit(std::string_view digits) {
  int sum = 0;
  bool twice = true;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it, twice = !twice) {
    const int digit = *it - '0';
    sum += twice ? 2 * digit / 10 + 2 * digit % 10 : digit;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

IdentityValues identity_of(const ModelProfile& profile, int instance) {
  IdentityValues values;
  values.model = profile.model;
  values.revision = profile.revision;
  values.build = profile.build;
  values.imei = fmt::format("{}{:06}", imei_maker, instance + 1);
  values.imei += luhn_digit(values.imei);
  values.serial_number = fmt::format("MPQ24K09E{:06}", instance + 1);
  return values;
}

SimCard card_of(int instance) {
  SimCard card;
  card.imsi = fmt::format("00101{:010}", instance + 1);
  card.iccid = fmt::format("{}{:07}", card_maker, instance + 1);
  card.iccid += luhn_digit(card.iccid);
  card.number = fmt::format("+155501{:05}", instance + 1);
  return card;
}

const std::array<Command<Identity>, 12>& Identity::commands() {
  static constexpr std::array<Command<Identity>, 12> table{{
      {.name = "I",
       .params = {at::number("value", 0, 0).optional()},
       .write = &Identity::information,
       .bare = true,
       .test = TestForm::none,
       .section = "2.1",
       .summary = "Maker, model and revision"},
      {.name = "+GCAP",
       .exec = &Identity::capabilities,
       .test = TestForm::bare,
       .section = "V.250 6.1.9",
       .source = at::Source::inferred,
       .summary = "Command sets: that of 27.007"},
      {.name = "+GMI",
       .exec = &Identity::manufacturer,
       .test = TestForm::bare,
       .section = "2.2",
       .summary = "Manufacturer"},
      {.name = "+CGMI",
       .exec = &Identity::manufacturer,
       .test = TestForm::bare,
       .section = "2.5",
       .summary = "Manufacturer"},
      {.name = "+GMM",
       .exec = &Identity::show_model,
       .test = TestForm::bare,
       .section = "2.3",
       .summary = "Model"},
      {.name = "+CGMM",
       .exec = &Identity::show_model,
       .test = TestForm::bare,
       .section = "2.6",
       .summary = "Model"},
      {.name = "+GMR",
       .exec = &Identity::show_revision,
       .test = TestForm::bare,
       .section = "2.4",
       .summary = "Firmware revision"},
      {.name = "+CGMR",
       .exec = &Identity::show_revision,
       .test = TestForm::bare,
       .section = "2.7",
       .summary = "Firmware revision"},
      {.name = "+QGMR",
       .read = &Identity::full_revision,
       .exec = &Identity::full_revision,
       .test = TestForm::bare,
       .section = "drivers",
       .source = at::Source::driver,
       .summary = "Firmware revision with its build"},
      {.name = "+GSN",
       .params = {at::choice("snt", {0, 1})},
       .write = &Identity::serial,
       .exec = &Identity::imei,
       .section = "2.8",
       .summary = "IMEI or serial number"},
      {.name = "+CGSN",
       .params = {at::choice("snt", {0, 1})},
       .write = &Identity::serial,
       .exec = &Identity::imei,
       .section = "2.8",
       .summary = "IMEI or serial number"},
      {.name = "+CSUB",
       .exec = &Identity::edition,
       .test = TestForm::bare,
       .section = "logs",
       .source = at::Source::sibling,
       .summary = "Edition of the firmware"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

/// What is stored is four lines: model and revision of the factory, revision and build that took
/// their place.
// reading: a module that another factory revision was given has been flashed by other means, and
// what was updated before is gone
Identity::Firmware Identity::firmware() const {
  const auto factory = fmt::format("{}\n{}\n", values_.model, values_.revision);
  const auto stored = nvram_.get(firmware_key).value_or("");
  const auto end = stored.find('\n', factory.size());
  if (!stored.starts_with(factory) || end == std::string::npos || end == factory.size())
    return {values_.revision, values_.build};
  return {stored.substr(factory.size(), end - factory.size()), stored.substr(end + 1)};
}

bool Identity::update(const std::string& revision, const std::string& build) {
  return nvram_.set(firmware_key, fmt::format("{}\n{}\n{}\n{}", values_.model, values_.revision,
                                              revision, build.empty() ? firmware().build : build));
}

at::Outcome Identity::information(const at::Args&) {
  return at::Outcome::ok(
      {values_.manufacturer, values_.model, fmt::format("Revision: {}", revision())});
}

at::Outcome Identity::manufacturer() { return at::Outcome::ok(values_.manufacturer); }
at::Outcome Identity::show_model() { return at::Outcome::ok(values_.model); }
at::Outcome Identity::show_revision() { return at::Outcome::ok(revision()); }

at::Outcome Identity::full_revision() {
  const auto runs = firmware();
  return at::Outcome::ok(fmt::format("{}_{}", runs.revision, runs.build));
}

at::Outcome Identity::imei() { return at::Outcome::ok(values_.imei); }

at::Outcome Identity::serial(const at::Args& args) {
  return at::Outcome::ok(args.number(0) == 0 ? fmt::format("+CGSN: {}", values_.serial_number)
                                             : fmt::format("+CGSN: {}", values_.imei));
}

at::Outcome Identity::edition() {
  return at::Outcome::ok(fmt::format("SubEdition: {}", values_.edition));
}

at::Outcome Identity::capabilities() { return at::Outcome::ok("+GCAP: +CGSM"); }

}  // namespace emulator::device
