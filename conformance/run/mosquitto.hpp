// A mosquitto of one's own: a child process on a free port with a complete log in
// a temporary directory. Started by the constructor, stopped by the destructor. The independent
// judge of what was really on the wire, here and in the tests.
#pragma once

#include "conformance/run/held_port.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace conformance {

struct MosquittoSetup {
  /// "name", "password"; when not empty, anonymous clients are refused.
  std::vector<std::pair<std::string, std::string>> users{};
  /// Further lines of the configuration file.
  std::string extra{};
  /// Where it listens; reached from this machine under the same address.
  std::string address = "127.0.0.1";
};

class Mosquitto {
 public:
  /// Throws std::runtime_error when mosquitto does not listen within 5 s.
  explicit Mosquitto(const MosquittoSetup& setup = {});
  ~Mosquitto();
  Mosquitto(const Mosquitto&) = delete;
  Mosquitto& operator=(const Mosquitto&) = delete;

  std::uint16_t port() const { return held_.port(); }
  pid_t pid() const { return pid_; }

  /// The log so far.
  std::string log() const;

  /// True when `text` is in the log.
  bool logged(const std::string& text) const;

  /// SIGTERM and wait; SIGKILL when it is not gone after 5 s. Harmless when stopped.
  void stop();
  /// SIGKILL and wait.
  void kill();
  /// SIGSTOP: TCP goes on accepting, nobody answers.
  void freeze();
  /// SIGCONT.
  void thaw();

 private:
  void write_setup(const MosquittoSetup& setup);
  void spawn();
  void wait_until_listening();
  void signal_and_wait(int signal);

  std::filesystem::path directory_;
  std::string address_;
  HeldPort held_;
  pid_t pid_ = -1;
};

}  // namespace conformance
