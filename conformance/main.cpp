// eg91xq-conformance: judges an EG91xQ, ours, theirs or the real one, over its port.
#include "command_line/process_start.hpp"
#include "conformance/judge.hpp"
#include "conformance/options.hpp"
#include "conformance/run/exit_code.hpp"

#include <algorithm>
#include <cerrno>
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

constexpr const char* output_lost = "cannot write to standard output";

/// What was said before counts, too. A reader that has left a list wants no more of it, which is no
/// error; of a verdict it is.
void check_standard_output(bool is_list) {
  const bool written = command_line::print({});
  if (is_list && !written && errno == EPIPE) return;
  if (!written || std::ferror(stdout) != 0) throw std::runtime_error(output_lost);
}

int list(const std::vector<SuiteCase>& cases) {
  std::string text;
  for (const auto& each : cases)
    text += fmt::format("{}:{}: {} [{}]\n", each.file, each.content.line, each.content.title,
                        fmt::join(each.content.statements, "] ["));
  if (!command_line::print(text) && errno == EPIPE) std::clearerr(stdout);
  return 0;
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
    check_standard_output(ended != nullptr || std::get<Options>(parsed).list);
    return code;
  } catch (const std::exception& error) {
    // fmt calls every stream a file.
    complain(std::ferror(stdout) != 0 ? output_lost : error.what());
    return bad_usage;
  }
}
