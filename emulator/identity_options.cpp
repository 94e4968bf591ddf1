#include "emulator/identity_options.hpp"

#include <algorithm>
#include <array>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace emulator {
namespace {

bool is_digits(const std::string& text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_imei(const std::string& text) {
  return is_digits(text, 15, 15) && device::luhn_digit(text.substr(0, 14)) == text.back();
}

bool is_printable(const std::string& text) {
  const auto fits = [](char c) { return c >= ' ' && c <= '~' && c != '"'; };
  return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), fits);
}

bool is_number(const std::string& text) {
  return is_digits(text.substr(!text.empty() && text[0] == '+' ? 1 : 0), 1, 20);
}

/// What `--NAME` sets, and what it has to be.
struct IdentityOption {
  const char* name;
  const char* help;
  const char* allowed;
  bool (*check)(const std::string&);
  std::string& (*target)(Options&);
};

constexpr const char* printable = "1 to 40 printable characters";

const std::array<IdentityOption, 12> identity_options{{
    {"imei", "IMEI of the module", "15 digits with a right check digit", is_imei,
     [](Options& o) -> std::string& { return o.identity.imei; }},
    {"serial-number", "Serial number of the module", printable, is_printable,
     [](Options& o) -> std::string& { return o.identity.serial_number; }},
    {"manufacturer", "What AT+CGMI says", printable, is_printable,
     [](Options& o) -> std::string& { return o.identity.manufacturer; }},
    {"model-name", "What AT+CGMM says", printable, is_printable,
     [](Options& o) -> std::string& { return o.identity.model; }},
    {"revision", "What AT+CGMR says", printable, is_printable,
     [](Options& o) -> std::string& { return o.identity.revision; }},
    {"build", "What AT+QGMR appends to it", printable, is_printable,
     [](Options& o) -> std::string& { return o.identity.build; }},
    {"edition", "What AT+CSUB says", printable, is_printable,
     [](Options& o) -> std::string& { return o.identity.edition; }},
    {"imsi", "IMSI of the SIM", "6 to 15 digits",
     [](const std::string& text) { return is_digits(text, 6, 15); },
     [](Options& o) -> std::string& { return o.card.imsi; }},
    {"iccid", "ICCID of the SIM", "18 to 20 digits",
     [](const std::string& text) { return is_digits(text, 18, 20); },
     [](Options& o) -> std::string& { return o.card.iccid; }},
    {"number", "Own telephone number", "1 to 20 digits, with or without +", is_number,
     [](Options& o) -> std::string& { return o.card.number; }},
    {"pin", "The SIM asks for this PIN", "4 to 8 digits",
     [](const std::string& text) { return is_digits(text, 4, 8); },
     [](Options& o) -> std::string& { return o.card.pin; }},
    {"puk", "PUK of the SIM", "8 digits",
     [](const std::string& text) { return is_digits(text, 8, 8); },
     [](Options& o) -> std::string& { return o.card.puk; }},
}};

}  // namespace

void IdentityOptions::declare(CLI::App& app) {
  app.add_option("--instance", instance_,
                 "Number of this modem in a fleet: its own IMEI, IMSI, ICCID and number")
      ->check(CLI::Range(0, device::max_instance))
      ->type_name("N")
      ->capture_default_str();
  for (const auto& option : identity_options)
    given_[option.name] =
        app.add_option(std::string("--") + option.name, values_[option.name], option.help)
            ->type_name("TEXT");
}

std::optional<std::string> IdentityOptions::apply(Options& options) const {
  options.instance = instance_;
  options.identity = device::identity_of(*options.model, instance_);
  options.card = device::card_of(instance_);
  options.card.pin_enabled = given_.at("pin")->count() > 0;
  for (const auto& option : identity_options) {
    const auto& text = values_.at(option.name);
    if (given_.at(option.name)->count() == 0) continue;
    if (!option.check(text))
      return fmt::format("--{}: must be {}, not '{}'", option.name, option.allowed, text);
    option.target(options) = text;
  }
  return std::nullopt;
}

}  // namespace emulator
