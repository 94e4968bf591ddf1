#include "conformance/run/profile.hpp"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace conformance {
namespace {

constexpr std::size_t max_profile = std::size_t{1} << 20U;

std::chrono::milliseconds milliseconds_in(const CLI::ConfigItem& item) try {
  std::size_t used = 0;
  const auto value = std::stol(item.inputs.at(0), &used);
  if (value < 0 || used != item.inputs[0].size()) throw std::invalid_argument("number");
  return std::chrono::milliseconds(value);
} catch (const std::logic_error&) {
  throw std::runtime_error(item.name + " must be a number of milliseconds");
}

void take(Profile& profile, const CLI::ConfigItem& item) {
  // The parser marks the start and the end of a section.
  if (item.name == "++" || item.name == "--") return;
  const auto value = item.inputs.empty() ? std::string{} : item.inputs.front();
  if (!item.parents.empty() && item.parents.front() == "claims")
    profile.claims[item.name] = value;
  else if (item.name == "unit")
    profile.unit = value;
  else if (item.name == "timer_early_ms")
    profile.timer_early = milliseconds_in(item);
  else if (item.name == "timer_late_ms")
    profile.timer_late = milliseconds_in(item);
  else if (item.name == "setup")
    profile.setup = item.inputs;
  else if (item.name == "aside")
    profile.aside = item.inputs;
  else
    throw std::runtime_error("unknown key '" + item.name + "'");
}

}  // namespace

bool Profile::claims_that(const std::string& knob, const std::string& value) const {
  const auto found = claims.find(knob);
  return found != claims.end() && found->second == value;
}

Profile read_profile(const std::filesystem::path& file) try {
  std::ifstream in(file);
  if (!in || std::filesystem::is_directory(file)) throw std::runtime_error("cannot be read");
  std::string text(max_profile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > max_profile)
    throw std::runtime_error(fmt::format("has more than {} bytes", max_profile));
  std::istringstream profile_text(text);
  Profile profile;
  for (const auto& item : CLI::ConfigTOML().from_config(profile_text)) take(profile, item);
  return profile;
} catch (const std::exception& error) {
  throw std::runtime_error(fmt::format("profile {}: {}", file.string(), error.what()));
}

}  // namespace conformance
