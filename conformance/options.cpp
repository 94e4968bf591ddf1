#include "conformance/options.hpp"

#include "command_line/completion.hpp"
#include "command_line/nearest_option.hpp"
#include "command_line/one_line.hpp"
#include "command_line/real_range.hpp"
#include "conformance/run/addresses.hpp"
#include "conformance/run/exit_code.hpp"
#include "conformance/run/suite.hpp"

#include <unistd.h>

#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace conformance {
namespace {

namespace fs = std::filesystem;

constexpr double longest_run = 7 * 24 * 3600;

constexpr const char* footer = R"(
Exit code: 0 everything judged passed, 1 something failed, 2 bad options, no brokers, or something
that cannot be written, 3 nothing failed, but something was inconclusive or not run, or nothing was
judged at all.)";

/// Options as they stand on the command line, before they mean anything.
struct Raw {
  std::string profile;
  std::string data;
  std::string record;
  std::string through;
  std::string diff;
  std::string other;
  std::optional<double> max_time;
  bool bind_given = false;
};

/// Where the cases are, beside the program; a build tree has a link there.
fs::path data_folder() {
  std::error_code ignored;
  const auto program = fs::read_symlink("/proc/self/exe", ignored);
  return program.parent_path().parent_path() / "share/eg91xq/conformance";
}

PortSpec port_of(const std::string& option, const std::string& text) try {
  return parse_port_spec(text);
} catch (const std::invalid_argument& error) {
  throw CLI::ValidationError(option, error.what());
}

void check_addresses(const Raw& raw, const Addresses& addresses) {
  if (!is_host(addresses.host))
    throw CLI::ValidationError(
        "--broker-host",
        fmt::format("must be an address or the name of a host, not '{}'", addresses.host));
  if (raw.bind_given && !is_address(addresses.bind))
    throw CLI::ValidationError(
        "--bind", fmt::format("must be an address of this machine, not '{}'", addresses.bind));
}

/// Our brokers listen where the unit is told to look for them, unless --bind says where.
void place_brokers(const Raw& raw, Addresses& addresses) {
  try {
    if (!raw.bind_given) addresses.bind = address_of(addresses.host);
    check_listening_at(addresses.bind);
  } catch (const std::runtime_error& error) {
    if (raw.bind_given) throw CLI::ValidationError("--bind " + addresses.bind, error.what());
    throw CLI::ValidationError(
        "--broker-host " + addresses.host,
        fmt::format("{}; --bind says where our brokers listen", error.what()));
  }
}

void check_mode(const Options& options, const Raw& raw) {
  if (options.list) return;
  if (options.port_text.empty())
    throw CLI::ValidationError("--port", "which unit? (a device or tcp:HOST:PORT)");
  if (raw.record.empty() != raw.through.empty())
    throw CLI::ValidationError("--record", "goes with --through, where the host comes");
  if (raw.diff.empty() != raw.other.empty())
    throw CLI::ValidationError("--diff", "goes with --other, the second unit");
  if (!raw.record.empty() && !raw.diff.empty())
    throw CLI::ValidationError("--record", "does not go with --diff");
  const auto ending = options.report.extension();
  if (!options.report.empty() && ending != ".html" && ending != ".md")
    throw CLI::ValidationError("--report", "the file must end in .html or .md");
}

void declare_reports(CLI::App& app, Options& options) {
  app.add_flag("-q,--quiet", options.quiet, "only failures and the summary");
  app.add_flag("--tap", options.tap, "Test Anything Protocol on standard output");
  app.add_option("--junit", options.junit, "writes a JUnit file");
  app.add_option("--report", options.report, "writes a report, .html or .md");
}

void declare_run(CLI::App& app, Options& options, Raw& raw) {
  app.add_option("--filter", options.filters, "only cases of this statement, group or clause")
      ->take_all();
  app.add_flag("--list", options.list, "the cases and their statements");
  app.add_option("--timeout-scale", options.timeout_scale,
                 "every limit and tolerance times this, for slow lines")
      ->check(command_line::real_range(0.01, 100.0));
  app.add_flag("--quick", options.quick,
               "what the unit let pass three times is waited for only at a hundredth of its limit");
  app.add_option("--max-time", raw.max_time,
                 "ends the run after so many seconds; what is left is reported as not run")
      ->check(command_line::real_range(1.0, longest_run))
      ->type_name("SECONDS");
  app.add_option("--shuffle", options.shuffle, "plays the cases in an order drawn with this seed");
  app.add_flag("--stop-at-first-failure", options.stop_at_first_failure, "ends there");
}

void declare(CLI::App& app, Options& options, Raw& raw) {
  app.add_option("--port", options.port_text, "the unit: a device [:BAUD], a pty, tcp:HOST:PORT");
  app.add_option("--broker-host", options.addresses.host,
                 "how the unit reaches this machine (default 127.0.0.1)");
  app.add_option("--bind", options.addresses.bind,
                 "the address on which our brokers listen (default: that of --broker-host)")
      ->each([&raw](const std::string&) { raw.bind_given = true; });
  app.add_option("--profile", raw.profile, "what the unit claims; see profiles/");
  declare_run(app, options, raw);
  declare_reports(app, options);
  app.add_option("--record", raw.record,
                 "writes the session of a host (--through) with the unit (--port) as a case file");
  app.add_option("--through", raw.through, "pty[:LINK] or tcp:[HOST:]PORT, where the host comes");
  app.add_option("--diff", raw.diff, "plays this case file on --port and --other, compares them");
  app.add_option("--other", raw.other, "the second unit of --diff");
  app.add_option("--data", raw.data, "folder of statements.csv, limits.csv and cases/");
  app.set_version_flag("--version", "eg91xq-conformance " EG91XQ_VERSION);
  command_line::offer_completion(app);
  app.footer(footer);
}

/// Throws CLI::ValidationError, or std::runtime_error for the profile.
void apply(const Raw& raw, Options& options) {
  if (!raw.data.empty()) options.data = raw.data;
  check_addresses(raw, options.addresses);
  if (raw.max_time) options.max_time = std::chrono::duration<double>(*raw.max_time);
  if (!options.port_text.empty()) options.port = port_of("--port", options.port_text);
  const auto other = raw.other.empty() ? PortSpec{} : port_of("--other", raw.other);
  check_mode(options, raw);
  if (!options.list && raw.record.empty()) place_brokers(raw, options.addresses);
  options.profile = read_profile(
      raw.profile.empty() ? options.data / "profiles/eg91xq.toml" : fs::path(raw.profile),
      known_claims({data_folder() / "cases", options.data / "cases", raw.diff}));
  if (!raw.record.empty())
    options.recording = Recording{options.port, options.port_text, raw.through, raw.record};
  if (!raw.diff.empty())
    options.comparison =
        Comparison{options.port,      other,           options.port_text,    raw.other, raw.diff,
                   options.addresses, options.profile, options.timeout_scale};
}

}  // namespace

void complain(const std::string& what) {
  std::fputs(fmt::format("eg91xq-conformance: {}\n", command_line::one_line(what)).c_str(), stderr);
}

std::variant<Options, int> parse_options(int argc, char** argv) {
  Options options;
  Raw raw;
  options.data = data_folder();
  CLI::App app{
      "Judges an EG91xQ module, or what claims to be one, statement by statement of the MQTT "
      "application note.",
      "eg91xq-conformance"};
  declare(app, options, raw);
  try {
    app.parse(argc, argv);
    apply(raw, options);
  } catch (const CLI::Success& done) {
    return app.exit(done);
  } catch (const CLI::ParseError& error) {
    complain(command_line::complaint(app, error));
    return bad_usage;
  } catch (const std::exception& error) {
    complain(error.what());
    return bad_usage;
  }
  return options;
}

}  // namespace conformance
