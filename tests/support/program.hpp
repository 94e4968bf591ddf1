// A child process as a test sees it: its input, everything it says, and how it ends. Output is
// taken while the test waits for something, never in the background. Killed by the destructor.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace support {

/// How long anything may take that is not measured.
constexpr std::chrono::seconds patience{10};

class Program {
 public:
  using Environment = std::vector<std::pair<std::string, std::string>>;

  /// `words[0]` is looked for in PATH, /usr/sbin and /sbin. Throws std::runtime_error.
  explicit Program(const std::vector<std::string>& words, const Environment& environment = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number) const;

  /// Writes all of it; throws std::runtime_error if it is not taken within `patience`.
  void say(std::string_view bytes);
  void end_input();

  /// False if `condition`, looked at after every piece of output, does not come true in time.
  bool wait(const std::function<bool()>& condition, std::chrono::milliseconds limit = patience);
  bool wait_for_out(std::string_view text, std::chrono::milliseconds limit = patience);
  bool wait_for_err(std::string_view text, std::chrono::milliseconds limit = patience);

  /// The exit code, 128 + number for a signal, or nothing if it still runs after `limit`.
  /// All its output has been taken then, unless a child of its own holds the pipe.
  std::optional<int> end(std::chrono::milliseconds limit = patience);
  /// SIGTERM, then end().
  std::optional<int> terminate();

  [[nodiscard]] const std::string& out() const { return out_; }
  [[nodiscard]] const std::string& err() const { return err_; }

 private:
  void spawn(const std::vector<std::string>& words, const Environment& environment);
  /// Waits for output or the end, at most `limit`; true when there was something.
  bool take(std::chrono::milliseconds limit);

  pid_t pid_ = -1;
  int ended_ = -1;
  int in_ = -1;
  int out_pipe_ = -1;
  int err_pipe_ = -1;
  std::optional<int> code_;
  std::string out_;
  std::string err_;
};

/// Where a program is installed, "" if it is not.
std::string installed(const std::string& name);

/// Waits until a process that is no child of ours has ended; false if it does not.
bool ends(pid_t pid, std::chrono::milliseconds limit = patience);

/// Milliseconds since `start`.
std::int64_t ms_since(std::chrono::steady_clock::time_point start);

/// A directory of the test's own; removed with what is in it.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  [[nodiscard]] std::string file(std::string_view name) const;

 private:
  std::string path_;
};

std::string contents(const std::string& path);

}  // namespace support
