#include "tests/support/emulator_process.hpp"

#include "tests/support/places.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace support {

const std::string boot_text =
    "\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\n+QUSIM: 1\r\n"
    "\r\n+QIND: SMS DONE\r\n\r\n+QIND: PB DONE\r\n";

EmulatorProcess::EmulatorProcess(const Options& options, const Options& command)
    : program_(words(options, command)) {
  const auto is_ready = [&] {
    return program_.out().find("ready\n") != std::string::npos ||
           program_.err().find("ready\r\n") != std::string::npos;
  };
  const bool in_time = program_.wait([&] { return is_ready() || program_.end({}).has_value(); });
  if (!in_time || !is_ready())
    throw std::runtime_error("the emulator is not ready: " + program_.out() + program_.err());
  ready_ = nlohmann::json::parse(contents(ready_file()), nullptr, false);
}

EmulatorProcess::~EmulatorProcess() { program_.terminate(); }

std::vector<std::string> EmulatorProcess::words(const Options& options,
                                                const Options& command) const {
  std::vector<std::string> words{binary(), "--ready-file", ready_file()};
  if (std::find(options.begin(), options.end(), "--latency") == options.end())
    words.insert(words.end(), {"--latency", "instant"});
  words.insert(words.end(), options.begin(), options.end());
  if (!command.empty()) words.emplace_back("--");
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

std::string EmulatorProcess::port(std::size_t index) const {
  return ready_.at("ports").at(index).at("path").get<std::string>();
}

std::uint16_t EmulatorProcess::broker_port() const {
  const auto& broker = ready_.at("broker");
  return broker.is_null() ? std::uint16_t{0} : broker.at("port").get<std::uint16_t>();
}

std::int64_t EmulatorProcess::resident() const {
  std::ifstream status(fmt::format("/proc/{}/status", pid()));
  for (std::string word; status >> word;) {
    std::int64_t kilobytes = 0;
    if (word == "VmRSS:" && status >> kilobytes) return kilobytes;
  }
  return -1;
}

pid_t EmulatorProcess::broker_pid() const {
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", pid()));
  for (pid_t child = -1; children >> child;)
    if (contents(fmt::format("/proc/{}/comm", child)) == "mosquitto\n") return child;
  return -1;
}

std::string EmulatorProcess::broker_directory() const {
  const auto words = contents(fmt::format("/proc/{}/cmdline", broker_pid()));
  const std::string_view option("-c\0", 3);
  const auto begin = words.find(option);
  const auto end = words.rfind('/');
  if (begin == std::string::npos || end == std::string::npos) return {};
  return words.substr(begin + option.size(), end - begin - option.size());
}

void EmulatorProcess::kill() {
  const auto directory = broker_directory();
  program_.signal(SIGKILL);
  program_.end();
  std::error_code ignored;
  if (!directory.empty()) std::filesystem::remove_all(directory, ignored);
  for (const auto& port : ready_.at("ports"))
    if (port.at("kind") == "pty")
      std::filesystem::remove(port.at("path").get<std::string>(), ignored);
}

Session::Session(const EmulatorProcess::Options& options)
    : emulator(options), host(emulator.port()) {
  host.expect(boot_text);
  host.send("ATE0\r");
  host.expect("ATE0\r\r\nOK\r\n");
}

void Session::open(int client, std::uint16_t broker) {
  host.command(fmt::format("AT+QMTOPEN={},\"127.0.0.1\",{}", client, broker));
  host.expect(fmt::format("\r\n+QMTOPEN: {},0\r\n", client));
}

void Session::connect(int client, std::uint16_t broker, const std::string& id) {
  open(client, broker);
  host.command(fmt::format("AT+QMTCONN={},\"{}\"", client, id));
  host.expect(fmt::format("\r\n+QMTCONN: {},0,0\r\n", client));
}

}  // namespace support
