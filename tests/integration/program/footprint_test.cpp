// What a modem costs that nobody uses: memory of the release build, when everything has started.
#include "tests/support/emulator_process.hpp"

#include <chrono>
#include <filesystem>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

bool has_thread(pid_t program, const std::string& name) {
  const auto threads = std::filesystem::directory_iterator(fmt::format("/proc/{}/task", program));
  for (const auto& thread : threads)
    if (contents(thread.path() / "comm") == name + "\n") return true;
  return false;
}

}  // namespace

TEST_CASE("an idle modem keeps within 10 MB") {
  if (!EG91XQ_RELEASE) return;
  constexpr std::int64_t most_kilobytes = 10 * 1024;
  EmulatorProcess emulator({"--demo-broker", "off", "--power", "at-start"});
  SerialHost host(emulator.port());
  host.command("AT", "AT\r\r\nOK\r\n");
  // The last thread that starts by itself.
  const auto start = std::chrono::steady_clock::now();
  while (!has_thread(emulator.pid(), "MQTTAsync_rcv") && ms_since(start) < 10'000)
    host.command("AT", "AT\r\r\nOK\r\n");
  CHECK(has_thread(emulator.pid(), "MQTTAsync_rcv"));
  CHECK(emulator.resident() <= most_kilobytes);
}
