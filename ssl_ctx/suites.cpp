#include "ssl_ctx/suites.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <openssl/ssl.h>

namespace ssl_ctx {
namespace {

constexpr std::size_t code_digits = 4;

const Suite* find_suite(std::uint16_t code) {
  const auto* found = std::find_if(suites.begin(), suites.end(),
                                   [code](const Suite& suite) { return suite.code == code; });
  return found == suites.end() ? nullptr : found;
}

// reading: always four digits, 0x or 0X in front or not
std::optional<std::uint16_t> parse_code(std::string_view text) {
  if (text.substr(0, 2) == "0x" || text.substr(0, 2) == "0X") text.remove_prefix(2);
  if (text.size() != code_digits) return std::nullopt;
  std::uint16_t code = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return code;
}

}  // namespace

std::optional<SuiteList> parse_suites(std::string_view text) {
  SuiteList list;
  for (bool more = true; more;) {
    const auto colon = text.find(':');
    const auto code = parse_code(text.substr(0, colon));
    if (!code || list.size() == max_suites) return std::nullopt;
    if (*code != all_suites && find_suite(*code) == nullptr) return std::nullopt;
    list.push_back(*code);
    more = colon != std::string_view::npos;
    if (more) text.remove_prefix(colon + 1);
  }
  const bool all = std::find(list.begin(), list.end(), all_suites) != list.end();
  if (all && list.size() != 1) return std::nullopt;
  return list;
}

std::string print_suites(const SuiteList& list) {
  std::string text;
  for (const auto code : list) text += fmt::format("{}0X{:04X}", text.empty() ? "" : ":", code);
  return text;
}

std::string openssl_list(const SuiteList& list) {
  std::string text;
  for (const auto code : list) {
    const auto* suite = find_suite(code);
    if (suite == nullptr) continue;
    const std::string_view name = OPENSSL_cipher_name(fmt::format("TLS_{}", suite->name).c_str());
    if (name == "(NONE)") continue;
    text += fmt::format("{}{}", text.empty() ? "" : ":", name);
  }
  return text;
}

}  // namespace ssl_ctx
