#include "emulator/fota_package/fota_package.hpp"

#include "command_line/nearest_option.hpp"
#include "command_line/process_start.hpp"
#include "data_services/fota/package.hpp"
#include "emulator/device/identity/profile.hpp"
#include "emulator/log.hpp"
#include "emulator/options.hpp"
#include "emulator/stores/whole_file.hpp"

#include <cerrno>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace emulator::fota_package {
namespace {

using data_services::PackageHead;

struct Settings {
  PackageHead head{};
  std::string output;
};

constexpr int exit_not_written = 1;
constexpr std::uint32_t usual_payload = 65'536;

constexpr const char* footer = R"(
Exit code: 0 done, 1 FILE cannot be written, 2 bad options.

Example:
  eg91xq fota-package --revision EG916QGLLGR01A06M01 --output update.bin)";

int refuse(const std::string& what, int code) {
  complain(what, fmt::format("eg91xq {}", name));
  return code;
}

/// The model whose name the revision begins with; empty where it is none.
std::string model_of(std::string_view revision) {
  for (const auto& model : device::models)
    if (revision.starts_with(model.model)) return std::string(model.model);
  return {};
}

int make(Settings settings) {
  auto& head = settings.head;
  if (head.project.empty()) head.project = model_of(head.revision);
  if (head.project.empty())
    return refuse("--model is needed: no module's revisions begin like this one", exit_usage);
  WholeFile how;
  how.for_everybody = true;
  const auto wrong = write_whole_file(settings.output, data_services::make_package(head), how);
  if (!wrong) return 0;
  return refuse(fmt::format("{}: cannot be written: {}", settings.output, *wrong),
                exit_not_written);
}

int print(const std::string& text) {
  if (command_line::print(text) || errno == EPIPE) return 0;
  return refuse(
      fmt::format("cannot write to standard output: {}", std::generic_category().message(errno)),
      exit_usage);
}

/// The options, which end in `settings`.
void declare(CLI::App& app, Settings& settings) {
  auto& head = settings.head;
  const auto add = [&](const char* option, std::string& value, const char* about) {
    return app.add_option(option, value, about)
        ->type_name("TEXT")
        ->check([](const std::string& text) -> std::string {
          if (data_services::is_package_value(text)) return {};
          return fmt::format("1 to {} visible characters without quotes", PackageHead::max_value);
        });
  };
  add("--revision", head.revision, "Revision of the firmware that the package brings")->required();
  app.add_option("--output", settings.output, "The package")
      ->type_name("FILE")
      ->required()
      ->check([](const std::string& file) -> std::string {
        return file.empty() ? "no file is named" : "";
      });
  add("--build", head.build, "What AT+QGMR appends then; else what it appended before");
  add("--model", head.project, "Model that it is for; else the one that the revision names");
  add("--baseline", head.baseline, "What the revision that runs has to begin with");
  add("--from", head.from, "The revision that has to run");
  head.payload = usual_payload;
  app.add_option("--size", head.payload, "Bytes of what stands for the new firmware")
      ->type_name("BYTES")
      ->check(CLI::Range(std::uint32_t{0}, PackageHead::max_payload))
      ->capture_default_str();
  app.footer(footer);
}

}  // namespace

int run(int argc, const char* const* argv) {
  CLI::App app{"Makes an update package for AT+QFOTADL", fmt::format("eg91xq {}", name)};
  Settings settings;
  declare(app, settings);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {
    std::ostringstream out;
    app.exit(done, out, out);
    return print(out.str());
  } catch (const CLI::ParseError& error) {
    return refuse(command_line::complaint(app, error), exit_usage);
  }
  return make(std::move(settings));
}

std::vector<command_line::CompletedPlace> completed_places() {
  CLI::App app;
  Settings settings;
  declare(app, settings);
  return command_line::completed_places(app, fmt::format("eg91xq {}", name));
}

}  // namespace emulator::fota_package
