// One child process: started, watched and ended, without touching any other child. It gets no
// descriptor of ours but the standard three, default signals, and SIGTERM if we die.
// Owned by what needs the program (DemoBroker, Child); used on the io_context thread only.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace emulator {

struct Program {
  std::vector<std::string> command;  // a path or a name looked up in PATH, then the arguments
  std::vector<std::pair<std::string, std::string>> environment;  // added to ours
  /// Where standard output and error go; empty = the same as ours, and so is the input. With a
  /// file, the input is empty.
  std::optional<std::string> output;
};

class Process {
 public:
  static constexpr int not_found = 127;
  static constexpr int signal_base = 128;

  /// `exit_code` is 0-255, or 128 + n after death by signal n.
  using Exited = std::function<void(int exit_code)>;

  explicit Process(boost::asio::io_context& io) : exit_(io) {}
  /// Kills the program if it still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Runs the program. Returns why it cannot be run, in one line. Call from the thread that lives
  /// as long as the process is to. Afterwards `exited` comes once, unless end() is called first.
  [[nodiscard]] std::optional<std::string> start(const Program& program, Exited exited);

  /// Sends a signal, if the program still runs.
  void signal(int number);

  /// Ends the program: SIGTERM, then SIGKILL once `grace` has passed. Waits for the end. `exited`
  /// does not come.
  void end(std::chrono::milliseconds grace);

  [[nodiscard]] bool running() const { return pid_ > 0; }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  [[nodiscard]] std::optional<std::string> watch();
  int reap();

  boost::asio::posix::stream_descriptor exit_;
  Exited exited_;
  pid_t pid_ = -1;
  // A handler queued before the program was ended must do nothing.
  std::shared_ptr<char> watched_;
};

/// The path of an executable file: `name` itself if it has a slash, else looked up in PATH and then
/// in `more_places` (colon separated).
[[nodiscard]] std::optional<std::string> find_program(const std::string& name,
                                                      std::string_view more_places = {});

}  // namespace emulator
