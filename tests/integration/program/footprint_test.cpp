// What a modem costs that nobody uses: memory of the release build, when everything has started.
#include "tests/support/emulator_process.hpp"
#include "tests/support/far_end.hpp"
#include "tests/support/ppp_host.hpp"

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

TEST_CASE("twelve sockets that nobody uses keep within 256 kB") {
  if (!EG91XQ_RELEASE) return;
  constexpr std::int64_t most_kilobytes = 256;
  FarEnd far;
  EmulatorProcess emulator({"--demo-broker", "off"});
  SerialHost host(emulator.port());
  host.expect(boot_text);
  host.command("ATE0", "ATE0\r\r\nOK\r\n");
  host.command("AT+QIACT=1");
  const auto open = [&](int connect_id) {
    host.command(
        fmt::format("AT+QIOPEN=1,{},\"TCP\",\"127.0.0.1\",{},0,0", connect_id, far.port()));
    host.expect(fmt::format("\r\n+QIOPEN: {},0\r\n", connect_id));
  };
  // What the first one brings in is code.
  open(0);
  host.command("AT+QICLOSE=0");
  const auto before = emulator.resident();
  for (int connect_id = 0; connect_id < 12; ++connect_id) open(connect_id);
  CHECK(emulator.resident() - before <= most_kilobytes);
}

TEST_CASE("a data call with its network keeps within 256 kB") {
  if (!EG91XQ_RELEASE) return;
  constexpr std::int64_t most_kilobytes = 256;
  Session session({"--demo-broker", "off"});
  auto& host = session.host;
  const auto call = [&] {
    PppHost ppp([&](const std::string& bytes) { host.send(bytes); });
    host.command("ATD*99#", "\r\nCONNECT 150000000\r\n");
    ppp.begin();
    while (!ppp.is_up()) ppp.hear(host.read_until("\x7E"));
    const auto resident = session.emulator.resident();
    ppp.terminate();
    host.read_until("\r\nNO CARRIER\r\n");
    return resident;
  };
  // What the first one brings in is code.
  call();
  const auto before = session.emulator.resident();
  CHECK(call() - before <= most_kilobytes);
}
