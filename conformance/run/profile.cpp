#include "conformance/run/profile.hpp"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

namespace conformance {
namespace {

constexpr std::size_t max_profile = std::size_t{1} << 20U;
constexpr std::int64_t longest_tolerance = std::int64_t{24} * 3600 * 1000;  // ms

class Reader {
 public:
  Reader(std::string where, const KnownClaims& known) : where_(std::move(where)), known_(known) {}

  Profile run(const toml::table& document) {
    if (!document.contains("unit"))
      throw std::runtime_error(where_ + ": lacks unit = \"NAME\", so it is no profile");
    for (const auto& [key, value] : document) {
      const std::string name(key.str());
      if (name == "claims")
        claim_all(value);
      else
        set(name, value);
    }
    return std::move(profile_);
  }

 private:
  [[noreturn]] void refuse(const toml::node& where, const std::string& what) const {
    throw std::runtime_error(fmt::format("{}:{}: {}", where_, where.source().begin.line, what));
  }

  void set(const std::string& key, const toml::node& value) {
    if (key == "unit")
      profile_.unit = text(key, value);
    else if (key == "timer_early_ms")
      profile_.timer_early = milliseconds(key, value);
    else if (key == "timer_late_ms")
      profile_.timer_late = milliseconds(key, value);
    else if (key == "setup")
      profile_.setup = texts(key, value);
    else if (key == "aside")
      profile_.aside = texts(key, value);
    else if (known_.count(key) > 0)
      refuse(value, key + " is a claim: it goes below [claims]");
    else
      refuse(value, fmt::format("no key {}; there are unit, timer_early_ms, timer_late_ms, setup, "
                                "aside and [claims]",
                                key));
  }

  void claim_all(const toml::node& claims) {
    if (!claims.is_table()) refuse(claims, "claims is a section, [claims]");
    for (const auto& [key, value] : *claims.as_table()) claim(std::string(key.str()), value);
  }

  void claim(const std::string& key, const toml::node& value) {
    const auto knob = known_.find(key);
    if (knob == known_.end()) {
      std::vector<std::string> names;
      for (const auto& [name, values] : known_) names.push_back(name);
      refuse(value, fmt::format("no claim {}; there are {}", key, fmt::join(names, ", ")));
    }
    const auto claimed = text(key, value);
    if (knob->second.count(claimed) == 0)
      refuse(value, fmt::format("{} can be \"{}\", or left out, and not \"{}\"", key,
                                fmt::join(knob->second, "\" or \""), claimed));
    profile_.claims[key] = claimed;
  }

  std::string text(const std::string& key, const toml::node& value) const {
    if (const auto* whole = value.as_integer()) return std::to_string(whole->get());
    if (const auto* quoted = value.as_string()) return quoted->get();
    refuse(value, key + " is a text in quotes");
  }

  std::vector<std::string> texts(const std::string& key, const toml::node& value) const {
    const auto* const list = value.as_array();
    if (list == nullptr) return {text(key, value)};
    std::vector<std::string> all;
    for (const auto& each : *list) all.push_back(text(key, each));
    return all;
  }

  std::chrono::milliseconds milliseconds(const std::string& key, const toml::node& value) const {
    const auto number = value.value_exact<std::int64_t>();
    if (!number || *number < 0 || *number > longest_tolerance)
      refuse(value, fmt::format("{} is a number of milliseconds, 0 to {}", key, longest_tolerance));
    return std::chrono::milliseconds(*number);
  }

  std::string where_;
  const KnownClaims& known_;
  Profile profile_;
};

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in || std::filesystem::is_directory(file)) throw std::runtime_error("cannot be read");
  std::string text(max_profile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > max_profile)
    throw std::runtime_error(fmt::format("has more than {} bytes", max_profile));
  return text;
}

}  // namespace

bool Profile::claims_that(const std::string& knob, const std::string& value) const {
  const auto found = claims.find(knob);
  return found != claims.end() && found->second == value;
}

Profile read_profile(const std::filesystem::path& file, const KnownClaims& known) {
  const auto where = "profile " + file.string();
  toml::table document;
  try {
    document = toml::parse(content_of(file));
  } catch (const toml::parse_error& error) {
    throw std::runtime_error(
        fmt::format("{}:{}: {}", where, error.source().begin.line, error.description()));
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("{}: {}", where, error.what()));
  }
  return Reader(where, known).run(document);
}

}  // namespace conformance
