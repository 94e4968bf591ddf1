// The real program as a child process: started with the options that a test wants, ready when the
// constructor returns, ended by the destructor. What the ready file says is found here.
#pragma once

#include "tests/support/program.hpp"
#include "tests/support/serial_host.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace support {

class EmulatorProcess {
 public:
  using Options = std::vector<std::string>;

  /// Without "--latency" in `options`, nothing takes time. Throws std::runtime_error, with what
  /// the program said, when it is not ready within `patience`.
  explicit EmulatorProcess(const Options& options = {}, const Options& command = {});
  ~EmulatorProcess();

  /// What a host opens: a path, or host:port.
  [[nodiscard]] std::string port(std::size_t index = 0) const;
  /// Of the demo broker; 0 without one.
  [[nodiscard]] std::uint16_t broker_port() const;
  [[nodiscard]] const nlohmann::json& ready() const { return ready_; }
  [[nodiscard]] std::string ready_file() const { return scratch_.file("ready"); }
  [[nodiscard]] pid_t pid() const { return program_.pid(); }
  [[nodiscard]] Program& program() { return program_; }

  /// Resident memory, kB.
  [[nodiscard]] std::int64_t resident() const;
  /// The mosquitto that it started; -1 without one.
  [[nodiscard]] pid_t broker_pid() const;
  /// Where that mosquitto has its configuration; empty without one.
  [[nodiscard]] std::string broker_directory() const;

  /// SIGKILL; returns when it has ended, then removes the files that it could not remove itself.
  void kill();

 private:
  [[nodiscard]] std::vector<std::string> words(const Options& options,
                                               const Options& command) const;

  ScratchDirectory scratch_;
  Program program_;
  nlohmann::json ready_;
};

/// A program of its own with a host at its first port: booted, echo off.
struct Session {
  explicit Session(const EmulatorProcess::Options& options = {});

  /// QMTOPEN and QMTCONN of a client to `broker` on 127.0.0.1.
  void connect(int client, std::uint16_t broker, const std::string& id);
  void open(int client, std::uint16_t broker);

  EmulatorProcess emulator;
  SerialHost host;
};

/// What the module says when it is switched on.
extern const std::string boot_text;

}  // namespace support
