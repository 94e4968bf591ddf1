#include "conformance/options.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace conformance {
namespace {

namespace fs = std::filesystem;

constexpr int bad_usage = 2;

/// Where the installed cases are, or those of the source tree.
fs::path data_folder() {
  std::error_code ignored;
  const auto program = fs::read_symlink("/proc/self/exe", ignored);
  auto installed = program.parent_path().parent_path() / "share/eg91xq/conformance";
  if (fs::exists(installed / "statements.csv")) return installed;
  return EG91XQ_CONFORMANCE_DIR;
}

PortSpec port_of(const std::string& option, const std::string& text) try {
  return parse_port_spec(text);
} catch (const std::invalid_argument& error) {
  throw CLI::ValidationError(option, error.what());
}

void check_mode(const Options& options) {
  if (options.list) return;
  if (!options.port)
    throw CLI::ValidationError("--port", "which unit? (a device or tcp:HOST:PORT)");
  if (options.record.empty() != options.through.empty())
    throw CLI::ValidationError("--record", "goes with --through, where the host comes");
  if (options.diff.empty() == options.other.has_value())
    throw CLI::ValidationError("--diff", "goes with --other, the second unit");
  if (!options.record.empty() && !options.diff.empty())
    throw CLI::ValidationError("--record", "does not go with --diff");
  const auto ending = options.report.extension();
  if (!options.report.empty() && ending != ".html" && ending != ".md")
    throw CLI::ValidationError("--report", "the file must end in .html or .md");
}

}  // namespace

std::variant<Options, int> parse_options(int argc, char** argv) {
  Options options;
  options.data = data_folder();
  std::string profile;
  std::string cases;
  bool bind_given = false;
  CLI::App app{
      "Judges an EG91xQ module, or what claims to be one, statement by statement of the MQTT "
      "application note."};
  app.add_option("--port", options.port_text, "the unit: a device [:BAUD], a pty, tcp:HOST:PORT");
  app.add_option("--broker-host", options.addresses.host,
                 "how the unit reaches this machine (default 127.0.0.1)");
  app.add_option("--bind", options.addresses.bind,
                 "the address on which our brokers listen (default: that of --broker-host)")
      ->each([&](const std::string&) { bind_given = true; });
  app.add_option("--profile", profile, "what the unit claims; see profiles/");
  app.add_option("--filter", options.filters, "only cases of this statement, group or clause")
      ->take_all();
  app.add_flag("--list", options.list, "the cases and their statements");
  app.add_option("--timeout-scale", options.timeout_scale,
                 "every limit and tolerance times this, for slow lines")
      ->check(CLI::Range(0.01, 100.0));
  app.add_option("--shuffle", options.shuffle, "plays the cases in an order drawn with this seed");
  app.add_flag("--stop-at-first-failure", options.stop_at_first_failure);
  app.add_flag("-q,--quiet", options.quiet, "only failures and the summary");
  app.add_flag("--tap", options.tap, "Test Anything Protocol on standard output");
  app.add_option("--junit", options.junit, "writes a JUnit file");
  app.add_option("--report", options.report, "writes a report, .html or .md");
  app.add_option("--record", options.record,
                 "writes the session of a host (--through) with the unit (--port) as a case file");
  app.add_option("--through", options.through,
                 "pty[:LINK] or tcp:[HOST:]PORT, where the host comes");
  app.add_option("--diff", options.diff,
                 "plays this case file on --port and --other, compares them");
  app.add_option("--other", options.other_text, "the second unit of --diff");
  app.add_option("--data", cases, "folder of statements.csv, limits.csv and cases/");
  app.set_version_flag("--version", "eg91xq-conformance " EG91XQ_VERSION);
  try {
    app.parse(argc, argv);
    if (!cases.empty()) options.data = cases;
    if (!bind_given) options.addresses.bind = options.addresses.host;
    if (!options.port_text.empty()) options.port = port_of("--port", options.port_text);
    if (!options.other_text.empty()) options.other = port_of("--other", options.other_text);
    check_mode(options);
    options.profile = read_profile(profile.empty() ? options.data / "profiles" / "eg91xq.toml"
                                                   : fs::path(profile));
  } catch (const CLI::Success& done) {
    return app.exit(done);
  } catch (const std::exception& error) {
    fmt::print(stderr, "eg91xq-conformance: {}\n", error.what());
    return bad_usage;
  }
  return options;
}

}  // namespace conformance
