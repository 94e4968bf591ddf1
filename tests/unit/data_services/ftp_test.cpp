// Limits and ends of FTP transfers that transcripts cannot say in few lines.
#include "tests/unit/data_services/ftp_bench.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

using Bench = FtpBench;

}  // namespace

TEST_CASE("a download waits for a port without room [FTP-8]") {
  Bench bench;
  auto& port = bench.world.ports[0];
  port.room_now = 1000;
  bench.begin("AT+QFTPGET=\"x\"", 1);
  CHECK(bench.said() == "\r\nCONNECT\r\n");
  auto& wanted = bench.world.transport.wanted[1];
  CHECK(wanted == 989);  // behind CONNECT
  CHECK(bench.world.transport.awaited[1]);
  CHECK_FALSE(bench.world.transport.awaited[0]);
  wanted = 0;
  bench.arrives(1, 989);
  CHECK(bench.said() == std::string(989, 'x'));
  CHECK(wanted == 0);
  // The server owes nothing while the host does not read.
  CHECK_FALSE(bench.world.transport.awaited[1]);
  port.room_now = 5000;
  bench.world.terminals[0]->drained();
  CHECK(wanted == 4096);
  bench.world.transport.events(1)->ended(data_services::Ending::finished);
  CHECK(bench.world.transport.awaited[0]);
  bench.server_says("226 done");
  CHECK_FALSE(bench.world.transport.awaited[0]);
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPGET: 0,989\r\n");
}

TEST_CASE("a host that reads nothing is waited for, a server that says nothing is not [FTP-8]") {
  Bench bench;
  auto& port = bench.world.ports[0];
  port.room_now = 11;
  bench.begin("AT+QFTPGET=\"x\"", 1);
  bench.said();
  const auto pass = [&](std::chrono::seconds time) {
    bench.world.timeline.run_until(bench.world.timeline.now() + time);
  };
  pass(std::chrono::seconds(1000));
  CHECK(bench.said().empty());
  port.room_now = 100;
  bench.world.terminals[0]->drained();
  pass(std::chrono::seconds(89));
  CHECK(bench.said().empty());
  pass(std::chrono::seconds(1));
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPGET: 609,0\r\n");
  bench.type("AT+QFTPPWD\r");
  CHECK(bench.said() == "\r\n+CME ERROR: 606\r\n");
}

TEST_CASE("a host that sends faster than the server takes is to wait [FTP-9]") {
  Bench bench;
  auto& port = bench.world.ports[0];
  bench.begin("AT+QFTPPUT=\"x\",\"COM:\"", 1);
  CHECK(bench.said() == "\r\nCONNECT\r\n");
  auto& unsent = bench.world.transport.unsent[1];
  unsent = 16'384;
  bench.type("some");
  CHECK_FALSE(port.holds_host);
  unsent = 16'385;
  bench.type("more");
  CHECK(port.holds_host);
  unsent = 0;
  bench.world.transport.events(1)->sent();
  CHECK_FALSE(port.holds_host);
}

TEST_CASE("a file that the flash has no room for changes nothing there [FTP-8]") {
  Bench bench;
  bench.begin("AT+QFTPGET=\"x\",\"UFS:x\"", 1);
  const auto room = emulator::device::free_bytes(bench.world.files.sizes());
  bench.arrives(1, room);
  CHECK(bench.world.transport.events(1) != nullptr);
  bench.arrives(1, 1);
  CHECK(bench.world.transport.events(1) == nullptr);
  bench.server_says("426 you left");
  CHECK(bench.said() == fmt::format("\r\nOK\r\n\r\n+QFTPGET: 613,426\r\n"));
  CHECK(bench.world.files.sizes().empty());
}

TEST_CASE("a host that goes in the middle of a piece ends the transfer [FTP-9]") {
  Bench bench;
  bench.begin("AT+QFTPPUT=\"x\",\"COM:\",0,5,1", 1);
  CHECK(bench.said() == "\r\nCONNECT\r\n");
  bench.world.terminals[0]->host_left(true);
  bench.world.settle();
  CHECK(bench.world.transport.events(1) == nullptr);
  bench.server_says("426 you left");
  bench.said();
  bench.type("AT+QFTPSTAT\r");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPSTAT: 0,1\r\n");
}

TEST_CASE("a channel that is taken away in the middle of a download ends it [FTP-8]") {
  Bench bench;
  bench.begin("AT+QFTPGET=\"x\"", 1, 1);
  bench.world.modem.remove_channel(*bench.world.terminals[1]);
  bench.world.settle();
  CHECK(bench.world.transport.events(1) == nullptr);
  bench.server_says("426 you left");
  bench.type("AT+QFTPSTAT\r");
  CHECK(bench.said().find("+QFTPSTAT: 0,1\r\n") != std::string::npos);
}

TEST_CASE("the module stops in the middle of a transfer to the port [GEN-17]") {
  const std::string command =
      GENERATE("AT+QFTPGET=\"x\"", "AT+QFTPPUT=\"x\",\"COM:\"", "AT+QFTPPUT=\"x\",\"COM:\",0,5,1");
  Bench bench;
  bench.begin(command, 1);
  bench.world.terminals[1]->receive("AT+CFUN=1,1\r");
  bench.world.settle();
  CHECK(bench.world.transport.events(0) == nullptr);
  CHECK(bench.world.transport.events(1) == nullptr);
  bench.said();
  bench.type("ATE0\r");
  bench.type("AT+QFTPSTAT\r");
  CHECK(bench.said().find("+QFTPSTAT: 0,4\r\n") != std::string::npos);
}

TEST_CASE("a reply that only promises another is no end of the wait for it [FTP-2]") {
  Bench bench;
  bench.type("AT+QFTPPWD\r");
  bench.server_says("199 soon");
  auto& timeline = bench.world.timeline;
  timeline.run_until(timeline.now() + std::chrono::seconds(89));
  CHECK(bench.said() == "\r\nOK\r\n");
  timeline.run_until(timeline.now() + std::chrono::seconds(1));
  CHECK(bench.said() == "\r\n+QFTPPWD: 609,0\r\n");
}

TEST_CASE("a transfer may last as long as it likes behind the reply that begins it [FTP-8]") {
  Bench bench;
  bench.begin("AT+QFTPGET=\"x\"", 1);
  auto& timeline = bench.world.timeline;
  for (int i = 0; i < 5; ++i) {
    timeline.run_until(timeline.now() + std::chrono::seconds(80));
    bench.arrives(1, 1);
  }
  CHECK(bench.said() == "\r\nCONNECT\r\nxxxxx");
}

TEST_CASE("what a server says of a path or a size reaches the host only if it can be one [FTP-4]") {
  Bench bench;
  bench.type("AT+QFTPPWD\r");
  bench.server_says("257 \"/a\rOK\r\"");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPPWD: 601,257\r\n");
  for (const auto& [digits, result] : {std::pair{"9223372036854775807", "0,9223372036854775807"},
                                       {"18446744073709551616", "601,213"}}) {
    bench.type("AT+QFTPSIZE=\"x\"\r");
    bench.server_says("200 type");
    bench.server_says(fmt::format("213 {}", digits));
    CHECK(bench.said() == fmt::format("\r\nOK\r\n\r\n+QFTPSIZE: {}\r\n", result));
  }
}

TEST_CASE("each reply of an FTP server takes a round trip [FTP-2] [TIME-6]") {
  using namespace std::chrono_literals;
  emulator::Modem::Settings settings;
  settings.latency = cellular::Latency::Fixed{400ms};
  ServiceBench bench("ATE0;+QIACT=1;+QFTPOPEN=\"host\"\r", settings);
  auto& timeline = bench.world.timeline;
  const auto pass = [&](at::Duration time) { timeline.run_until(timeline.now() + time); };
  pass(30s);
  bench.said();
  bench.world.transport.events(0)->opened({"10.0.0.1", 1025});
  bench.world.transport.events(0)->arrived({"220 hello\r\n"});
  auto& asked = bench.world.transport.requests[0];
  CHECK(asked.back() == "send \"USER anonymous\\r\\n\"");
  bench.world.transport.events(0)->arrived({"331 who?\r\n"});
  pass(400ms - 1us);
  CHECK(asked.back() == "send \"USER anonymous\\r\\n\"");
  pass(1us);
  CHECK(asked.back() == "send \"PASS anonymous@\\r\\n\"");
  bench.world.transport.events(0)->arrived({"230 in\r\n"});
  pass(400ms - 1us);
  CHECK(bench.said().empty());
  pass(1us);
  CHECK(bench.said() == "\r\n+QFTPOPEN: 0,0\r\n");
}
