// Who the module and its SIM are, as the command line says: --instance and the options that name
// one value each. Owned by parse_options.
#pragma once

#include "emulator/options.hpp"

#include <map>
#include <optional>
#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace emulator {

class IdentityOptions {
 public:
  /// This object has to live while `app` parses.
  void declare(CLI::App& app);

  /// Sets what has been given, on top of what the model and the instance say. Nothing, or what is
  /// wrong.
  [[nodiscard]] std::optional<std::string> apply(Options& options) const;

 private:
  int instance_ = 0;
  std::map<std::string, std::string> values_{};  // by option name
  std::map<std::string, const CLI::Option*> given_{};
};

}  // namespace emulator
