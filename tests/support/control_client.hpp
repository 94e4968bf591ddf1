// `eg91xq ctl` as a test runs it. The modems of this process's environment are its own.
#pragma once

#include "tests/support/places.hpp"
#include "tests/support/program.hpp"

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace support {

/// Modems register, and are looked for, in a directory of the test's own.
class OwnRuntimeDirectory {
 public:
  OwnRuntimeDirectory() {
    if (const char* const before = std::getenv(variable)) before_ = before;
    ::setenv(variable, path().c_str(), 1);
  }
  ~OwnRuntimeDirectory() {
    if (before_)
      ::setenv(variable, before_->c_str(), 1);
    else
      ::unsetenv(variable);
  }
  OwnRuntimeDirectory(const OwnRuntimeDirectory&) = delete;
  OwnRuntimeDirectory& operator=(const OwnRuntimeDirectory&) = delete;

  [[nodiscard]] std::string path() const { return scratch_.file(""); }

 private:
  static constexpr const char* variable = "XDG_RUNTIME_DIR";

  ScratchDirectory scratch_{};
  std::optional<std::string> before_{};
};

inline std::vector<std::string> ctl_words(const std::vector<std::string>& words) {
  std::vector<std::string> all{binary(), "ctl"};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

struct Ran {
  int code;
  std::string out;
  std::string err;
};

inline Ran ctl(const std::vector<std::string>& words,
               const Program::Environment& environment = {}) {
  Program program(ctl_words(words), environment);
  const auto code = program.end();
  return {code.value_or(-1), program.out(), program.err()};
}

}  // namespace support
