// The lines of a transcript, read: a session between a host and a modem, written down as text. One
// language serves the sessions in virtual time (tests/transcripts) and the conformance cases; it is
// described in tests/transcripts/README.md.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace transcript {

using Duration = std::chrono::microseconds;

struct Step {
  std::filesystem::path file{};
  int line = 0;
  std::size_t channel = 0;
  std::string verb{};
  std::string rest{};
  std::vector<std::string> statements{};  // what the last comment with ids named
  bool prologue = false;                  // comes from a `use`: a precondition, not the case itself
};

/// One session. A file without `case` lines is one case without a title.
struct Case {
  std::string title{};
  int line = 0;
  std::vector<Step> steps{};
  std::vector<std::string> statements{};  // all of its steps', in the order of appearance

  [[nodiscard]] bool names(const std::string& statement) const;
};

/// `folder/file.at`
std::string name_of(const std::filesystem::path& file);

/// A step that does not hold, or cannot be understood.
class Failure : public std::runtime_error {
 public:
  Failure(const Step& step, const std::string& what);
};

/// The cases of a file. `use NAME` is replaced by the steps of `prologues/NAME.steps`. What stands
/// before the first `case` is put before the steps of every case. Throws std::runtime_error.
std::vector<Case> read_cases(const std::filesystem::path& file,
                             const std::filesystem::path& prologues);

/// `5s`, `300ms`, `1.5s`, `250us`, `2min`.
Duration duration_of(const Step& step, const std::string& text);

/// Words of a step; quoted ones are unescaped.
std::vector<std::string> words_of(const std::string& text);

/// `$name` and `${name}` replaced by what `value` says, `$$` by a dollar.
std::string expanded(const std::string& text,
                     const std::function<std::string(const std::string& name)>& value);

}  // namespace transcript
