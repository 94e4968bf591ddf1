// eg91xq-conformance: judges an EG91xQ, ours, theirs or the real one, over its port.
#include "command_line/process_start.hpp"
#include "conformance/judge.hpp"
#include "conformance/options.hpp"
#include "conformance/run/exit_code.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

#include <fmt/format.h>

namespace conformance {
namespace {

std::vector<SuiteCase> chosen(const Options& options, const Catalogue& catalogue) {
  auto cases = read_suite(options.data / "cases", catalogue);
  if (!options.filters.empty())
    cases.erase(std::remove_if(cases.begin(), cases.end(),
                               [&](const auto& each) {
                                 return std::none_of(options.filters.begin(), options.filters.end(),
                                                     [&](const auto& filter) {
                                                       return matches(each, filter, catalogue);
                                                     });
                               }),
                cases.end());
  if (cases.empty()) throw std::runtime_error("no case is of this statement or clause");
  if (options.shuffle) std::shuffle(cases.begin(), cases.end(), std::mt19937(*options.shuffle));
  return cases;
}

int list(const std::vector<SuiteCase>& cases) {
  for (const auto& each : cases)
    fmt::print("{}:{}: {} [{}]\n", each.file, each.content.line, each.content.title,
               fmt::join(each.content.statements, "] ["));
  return 0;
}

constexpr const char* output_lost = "cannot write to standard output";

/// What was said before counts, too.
void check_standard_output() {
  if (command_line::print({}) && std::ferror(stdout) == 0) return;
  throw std::runtime_error(output_lost);
}

int run(const Options& options) {
  if (options.recording) return record(*options.recording);
  const auto catalogue = read_catalogue(options.data);
  if (options.comparison) return diff(*options.comparison, catalogue);
  const auto cases = chosen(options, catalogue);
  return options.list ? list(cases) : judge(options, catalogue, cases);
}

}  // namespace
}  // namespace conformance

int main(int argc, char** argv) {
  using namespace conformance;
  // Paho would send everything through them.
  for (const auto* name : {"http_proxy", "https_proxy", "MQTT_C_CLIENT_TRACE"}) ::unsetenv(name);
  command_line::prepare_process();
  try {
    const auto parsed = parse_options(argc, argv);
    const auto* ended = std::get_if<int>(&parsed);
    const int code = ended != nullptr ? *ended : run(std::get<Options>(parsed));
    check_standard_output();
    return code;
  } catch (const std::exception& error) {
    // fmt calls every stream a file.
    complain(std::ferror(stdout) != 0 ? output_lost : error.what());
    return bad_usage;
  }
}
