// How `eg91xq ctl` finds the modem that runs on this machine: a file PID.json with the address of
// its control interface, in a directory of this user's own: $XDG_RUNTIME_DIR/eg91xq, or
// /tmp/eg91xq-UID where there is no such variable. Written by the Emulator, read by the client.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace emulator {

class Registration {
 public:
  Registration() = default;
  ~Registration() { leave(); }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

  /// Writes the file. Returns what went wrong, in one line.
  [[nodiscard]] std::optional<std::string> enter(const std::string& address);
  /// Removes it.
  void leave();

 private:
  std::filesystem::path file_;  // empty: not entered
};

struct RunningModem {
  pid_t pid;
  std::string address;  // as in a ready file's "control"
};

/// Those that run, by process id. Removes the files of processes that have ended.
[[nodiscard]] std::vector<RunningModem> running_modems();

}  // namespace emulator
