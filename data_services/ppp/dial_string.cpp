#include "data_services/ppp/dial_string.hpp"

#include "at_engine/args.hpp"
#include "at_engine/text.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace data_services::ppp {
namespace {

constexpr int usual_cid = 1;
constexpr int max_cid = 15;

/// Without T, P, commas, W, @ and ! (manual 2.14); upper case.
std::string without_modifiers(std::string_view dial_string) {
  std::string kept;
  for (const char c : at::upper(std::string(dial_string)))
    if (std::string_view("TP,W@! ").find(c) == std::string_view::npos) kept += c;
  return kept;
}

bool is_ppp(std::string_view layer_2) {
  // The P of PPP is a modifier too.
  return layer_2.empty() || layer_2 == "1";
}

}  // namespace

std::optional<int> dialled_context(std::string_view dial_string) {
  constexpr std::string_view service = "*99";
  const auto dialled = without_modifiers(dial_string);
  std::string_view rest = dialled;
  if (!rest.starts_with(service)) return std::nullopt;
  rest.remove_prefix(service.size());
  // *99## is what some hosts dial.
  if (rest == "#" || rest == "##") return usual_cid;
  if (!rest.ends_with('#') || !rest.starts_with("**")) return std::nullopt;
  rest.remove_suffix(1);
  rest.remove_prefix(2);  // the called address, which is empty
  const auto star = rest.find('*');
  if (star == rest.npos || !is_ppp(rest.substr(0, star))) return std::nullopt;
  const auto cid = at::parse_number(rest.substr(star + 1));
  if (!cid || *cid < 1 || *cid > max_cid) return std::nullopt;
  return static_cast<int>(*cid);
}

}  // namespace data_services::ppp
