// The program that the emulator runs beside itself (`-- COMMAND ARGS...`): it shares our terminal,
// gets extra environment variables, and its exit code becomes ours. Owned by the emulator's main.
#pragma once

#include "emulator/processes/process.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace emulator {

class Child {
 public:
  using Environment = std::vector<std::pair<std::string, std::string>>;

  explicit Child(boost::asio::io_context& io);

  /// Runs `command`, which is not empty. `exited` comes once: the program's exit code, 128 + n
  /// after signal n, or 127, with a line on standard error, if it could not be run. It is never
  /// called from inside start().
  void start(std::vector<std::string> command, Environment environment,
             const Process::Exited& exited);

  /// Asks the program to end with SIGTERM and kills it once `grace` has passed; `exited` tells of
  /// the end.
  void stop(std::chrono::milliseconds grace);

  [[nodiscard]] bool running() const { return process_.running(); }

 private:
  boost::asio::io_context& io_;
  Process process_;
  boost::asio::steady_timer grace_;
  std::shared_ptr<char> life_ = std::make_shared<char>();
};

}  // namespace emulator
