#include "storm/options.hpp"

#include "command_line/completion.hpp"
#include "command_line/nearest_option.hpp"
#include "command_line/one_line.hpp"
#include "command_line/real_range.hpp"
#include "storm/core/message.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace storm {
namespace {

constexpr const char* footer = R"(
Exit code: 0 all well; 1 messages were lost (of qos 2 also: came twice), or modems were never
connected, or not at the end; 2 bad options, or a file that cannot be read or written.

Examples:
  eg91xq --ready-file ready &
  eg91xq-storm --ready-file ready --seconds 10 --json report.json
  eg91xq-storm --ready-file ready --broker 127.0.0.1:1883 --qos 2 --rate 0.5)";

constexpr double max_rate = 1000;             // messages per second and modem
constexpr double max_connect_rate = 100'000;  // modems per second
constexpr double max_seconds = 30 * 24 * 3600;
constexpr double max_backoff = 24 * 3600;
constexpr double min_backoff = 0.01;
constexpr std::size_t max_prefix = 64;  // bytes
constexpr std::size_t max_ready_file = std::size_t{64} * 1024 * 1024;

/// Options as they stand on the command line, before they mean anything.
struct Raw {
  std::string ready_file;
  std::string broker;
  std::string modems;
  double rate = 1;
  double seconds = 60;
  double connect_rate = 100;
  double first_backoff = 1;
  double most_backoff = 60;
  bool no_subscribe = false;
};

struct Range {
  std::size_t first = 0;
  std::size_t last = 0;
};

std::optional<std::size_t> whole_number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Range> range_of(const std::string& text) {
  const auto dash = text.find('-');
  const auto first = whole_number(std::string_view(text).substr(0, dash));
  const auto last =
      dash == std::string::npos ? first : whole_number(std::string_view(text).substr(dash + 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return Range{*first, *last};
}

std::string check_range(const std::string& text) {
  if (range_of(text)) return {};
  return fmt::format("must be FIRST-LAST, as 0-99, not '{}'", text);
}

std::string check_broker(const std::string& text) {
  if (read_tcp_place(text)) return {};
  return fmt::format("must be HOST:PORT, not '{}'", text);
}

/// It stands in a client id and a topic, in quotes.
std::string check_prefix(const std::string& text) {
  constexpr const char* letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  const bool is_good = !text.empty() && text.size() <= max_prefix &&
                       text.find_first_not_of(letters) == std::string::npos;
  if (is_good) return {};
  return fmt::format("must be 1 to {} letters, digits, '-', '_' or '.'", max_prefix);
}

void declare_traffic(CLI::App& app, Options& options, Raw& raw) {
  auto& plan = options.fleet.plan;
  app.add_option("--rate", raw.rate, "Messages per second and modem; 0: none")
      ->check(command_line::real_range(0.0, max_rate))
      ->type_name("PER_S")
      ->capture_default_str();
  app.add_option("--seconds", raw.seconds, "How long, from the start")
      ->check(command_line::real_range(0.1, max_seconds))
      ->type_name("S")
      ->capture_default_str();
  app.add_option("--qos", plan.qos, "Of messages and subscriptions")
      ->check(CLI::Range(0, 2))
      ->type_name("Q")
      ->capture_default_str();
  app.add_option("--payload", plan.payload, "Size of a message in bytes")
      ->check(CLI::Range(min_payload, max_payload))
      ->type_name("BYTES")
      ->capture_default_str();
  app.add_flag("--no-subscribe", raw.no_subscribe, "Only publish: nothing comes back");
  app.add_flag("--keep-session", plan.keep_session,
               "Clean session 0: what could not be delivered is when the modem is back");
  app.add_option("--prefix", plan.prefix, "Client ids are PREFIX-N, topics PREFIX/N")
      ->check(check_prefix)
      ->type_name("NAME")
      ->capture_default_str();
}

void declare(CLI::App& app, Options& options, Raw& raw) {
  app.set_version_flag("--version", std::string("eg91xq-storm ") + EG91XQ_VERSION);
  command_line::offer_completion(app);
  app.add_option("--ready-file", raw.ready_file, "What eg91xq --ready-file has written")
      ->required()
      ->type_name("FILE");
  app.add_option("--broker", raw.broker,
                 "Where the modems connect to. Default: the broker of the ready file")
      ->check(check_broker)
      ->type_name("HOST:PORT");
  app.add_option("--modems", raw.modems, "Only these of the ready file, counted from 0")
      ->check(check_range)
      ->type_name("FIRST-LAST");
  declare_traffic(app, options, raw);
  app.add_option("--connect-rate", raw.connect_rate, "Modems that start in a second")
      ->check(command_line::real_range(0.01, max_connect_rate))
      ->type_name("PER_S")
      ->capture_default_str();
  app.add_option("--backoff", raw.first_backoff,
                 "Seconds before the second attempt; doubled with each further one")
      ->check(command_line::real_range(min_backoff, max_backoff))
      ->type_name("S")
      ->capture_default_str();
  app.add_option("--max-backoff", raw.most_backoff, "Seconds between attempts at most")
      ->check(command_line::real_range(min_backoff, max_backoff))
      ->type_name("S")
      ->capture_default_str();
  app.add_option("--seed", options.fleet.seed, "Of everything that happens by chance")
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--json", options.json, "Write the report there as JSON; - is standard output")
      ->type_name("FILE");
  app.footer(footer);
}

EarlyExit refusal(const std::string& what) {
  return {exit_usage, fmt::format("eg91xq-storm: {}\n", command_line::one_line(what))};
}

/// The content, or what is wrong.
std::variant<std::string, EarlyExit> content_of(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  std::array<char, 4096> piece{};
  do {
    file.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
  } while (file && text.size() <= max_ready_file);
  if (text.size() > max_ready_file) return refusal(fmt::format("{}: is too long", path));
  if (file.bad() || !file.eof())
    return refusal(
        fmt::format("{}: cannot be read: {}", path, std::generic_category().message(errno)));
  return text;
}

/// The same in no two runs, so that old messages are known as such.
std::string fresh_tag() {
  const auto time = std::chrono::system_clock::now().time_since_epoch().count();
  const auto mixed = static_cast<std::uint64_t>(time) * 0x9E3779B97F4A7C15U +
                     static_cast<std::uint64_t>(::getpid());
  return fmt::format("{:08x}", static_cast<std::uint32_t>(mixed >> 32U));
}

void apply(const Raw& raw, Fleet::Settings& fleet) {
  auto& plan = fleet.plan;
  plan.interval = raw.rate > 0 ? from_seconds(1 / raw.rate) : Time::zero();
  plan.subscribe = !raw.no_subscribe;
  plan.tag = fresh_tag();
  plan.backoff = {from_seconds(raw.first_backoff), from_seconds(raw.most_backoff)};
  fleet.connect_interval = from_seconds(1 / raw.connect_rate);
  fleet.lasts = from_seconds(raw.seconds);
  fleet.progress = ::isatty(STDERR_FILENO) == 1 ? Progress::Kind::terminal : Progress::Kind::lines;
}

/// Modems and broker.
std::optional<EarlyExit> take_ready_file(const Raw& raw, Fleet::Settings& fleet) {
  const auto content = content_of(raw.ready_file);
  if (const auto* wrong = std::get_if<EarlyExit>(&content)) return *wrong;
  auto read = read_ready_list(std::get<std::string>(content));
  if (const auto* wrong = std::get_if<std::string>(&read))
    return refusal(fmt::format("{}: {}", raw.ready_file, *wrong));
  auto& list = std::get<ReadyList>(read);
  const auto range = raw.modems.empty() ? Range{0, list.modems.size() - 1} : *range_of(raw.modems);
  if (range.last >= list.modems.size())
    return refusal(fmt::format("{}: has modems 0 to {}, not {}", raw.ready_file,
                               list.modems.size() - 1, raw.modems));
  const auto begin = list.modems.begin();
  fleet.modems.assign(begin + static_cast<std::ptrdiff_t>(range.first),
                      begin + static_cast<std::ptrdiff_t>(range.last + 1));
  fleet.first = static_cast<unsigned>(range.first);
  if (!raw.broker.empty()) {
    const auto place = *read_tcp_place(raw.broker);
    list.broker = BrokerPlace{place.host, place.port};
  }
  if (!list.broker)
    return refusal(fmt::format("{}: names no broker; --broker does", raw.ready_file));
  fleet.plan.broker_host = list.broker->host;
  fleet.plan.broker_port = list.broker->port;
  return std::nullopt;
}

}  // namespace

std::variant<Options, EarlyExit> parse_options(int argc, char** argv) {
  Options options;
  Raw raw;
  CLI::App app("A host for each modem of a fleet: connects, publishes, receives, and counts",
               "eg91xq-storm");
  declare(app, options, raw);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return EarlyExit{exit_well, app.help()};
  } catch (const CLI::CallForVersion& text) {
    return EarlyExit{exit_well, text.what() + std::string("\n")};
  } catch (const CLI::ParseError& error) {
    return refusal(command_line::complaint(app, error));
  }
  apply(raw, options.fleet);
  if (auto wrong = take_ready_file(raw, options.fleet)) return std::move(*wrong);
  return options;
}

}  // namespace storm
