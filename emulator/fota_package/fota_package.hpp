// `eg91xq fota-package`: makes an update package for AT+QFOTADL (FOTA-1). Called by main when the
// first argument is "fota-package"; what it is told to do is also read by the shells' completion.
#pragma once

#include "data_services/fota/package.hpp"

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace emulator::fota_package {

constexpr const char* name = "fota-package";

struct Settings {
  data_services::PackageHead head{};
  std::string output;
};

/// The options, which end in `settings`.
void declare(CLI::App& app, Settings& settings);

/// `argv[0]` is "fota-package". The exit code: 0 done, 1 the file cannot be written, 2 bad options.
[[nodiscard]] int run(int argc, const char* const* argv);

}  // namespace emulator::fota_package
