#include "emulator/device/identity.hpp"

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::TestForm;

constexpr std::string_view imei_body = "86676406000001";  // a made-up unit of the maker's range
constexpr std::string_view serial_number = "MPQ24K09E000001";

std::string imei_digits() { return std::string(imei_body) + luhn_digit(imei_body); }

}  // namespace

char luhn_digit(std::string_view fourteen) {
  int sum = 0;
  for (std::size_t i = 0; i < fourteen.size(); ++i) {
    const int digit = fourteen[i] - '0';
    const int doubled = 2 * digit;
    sum += i % 2 == 0 ? digit : doubled / 10 + doubled % 10;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

const std::array<Command<Identity>, 10>& Identity::commands() {
  static constexpr std::array<Command<Identity>, 10> table{{
      {.name = "I",
       .params = {at::number("value", 0, 0).optional()},
       .write = &Identity::information,
       .bare = true,
       .test = TestForm::none,
       .section = "2.1",
       .summary = "Maker, model and revision"},
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
       .exec = &Identity::model,
       .test = TestForm::bare,
       .section = "2.3",
       .summary = "Model"},
      {.name = "+CGMM",
       .exec = &Identity::model,
       .test = TestForm::bare,
       .section = "2.6",
       .summary = "Model"},
      {.name = "+GMR",
       .exec = &Identity::revision,
       .test = TestForm::bare,
       .section = "2.4",
       .summary = "Firmware revision"},
      {.name = "+CGMR",
       .exec = &Identity::revision,
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
  }};
  static_assert(at::well_formed(table));
  return table;
}

at::Outcome Identity::information(const at::Args&) {
  return at::Outcome::ok(
      {"Quectel", std::string(profile_.model), fmt::format("Revision: {}", profile_.revision)});
}

at::Outcome Identity::manufacturer() { return at::Outcome::ok("Quectel"); }
at::Outcome Identity::model() { return at::Outcome::ok(std::string(profile_.model)); }
at::Outcome Identity::revision() { return at::Outcome::ok(std::string(profile_.revision)); }

at::Outcome Identity::full_revision() {
  return at::Outcome::ok(fmt::format("{}_{}", profile_.revision, profile_.build));
}

at::Outcome Identity::imei() { return at::Outcome::ok(imei_digits()); }

at::Outcome Identity::serial(const at::Args& args) {
  return at::Outcome::ok(args.number(0) == 0 ? fmt::format("+CGSN: {}", serial_number)
                                             : fmt::format("+CGSN: {}", imei_digits()));
}

}  // namespace emulator::device
