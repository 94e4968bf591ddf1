// FTP transfers whose ends come in another order than usual, or while the host is at something
// else.
#include "tests/unit/data_services/ftp_bench.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;

using data_services::Ending;

namespace {

using Bench = FtpBench;

constexpr auto connect = "\r\nCONNECT\r\n";

/// As far as the command of the transfer; the server has not said yet that it begins.
void ask(Bench& bench, const std::string& command, std::size_t channel = 0) {
  bench.world.terminals[channel]->receive(command + "\r");
  bench.world.settle();
  bench.server_says("200 type");
  bench.server_says("227 (10,0,0,1,4,1)");
  bench.world.transport.events(1)->opened({"10.0.0.1", 1026});
  bench.world.settle();
}

void data_end(Bench& bench, Ending ending) {
  bench.world.transport.events(1)->ended(ending);
  bench.world.settle();
}

void escape(Bench& bench) {
  bench.pass(1s);
  bench.type("+++");
  bench.pass(1s);
}

}  // namespace

TEST_CASE("a file without bytes may end before the server says that it begins [FTP-8]") {
  Bench bench;
  SECTION("to the port") {
    ask(bench, "AT+QFTPGET=\"x\"");
    data_end(bench, Ending::finished);
    CHECK(bench.said().empty());
    bench.server_says("150 go");
    CHECK(bench.said() == connect);
    bench.server_says("226 done");
    CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPGET: 0,0\r\n");
  }
  SECTION("into a file") {
    ask(bench, "AT+QFTPGET=\"x\",\"UFS:x\"");
    data_end(bench, Ending::finished);
    bench.server_says("150 go");
    bench.server_says("226 done");
    CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPGET: 0,0\r\n");
    CHECK(bench.world.files.read("x") == "");
  }
}

TEST_CASE("a data connection that breaks before the server begins is no CONNECT [FTP-11]") {
  Bench bench;
  ask(bench, "AT+QFTPGET=\"x\"");
  data_end(bench, Ending::reset);
  bench.server_says("150 go");
  CHECK(bench.said().empty());
  bench.server_says("426 broken");
  CHECK(bench.said() == "\r\n+CME ERROR: 607\r\n");
  bench.type("AT+QFTPSTAT\r");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPSTAT: 0,1\r\n");
}

TEST_CASE("the server's own end of an upload may come behind the module's [FTP-9]") {
  Bench bench;
  bench.begin("AT+QFTPPUT=\"x\",\"COM:\",0,5,1", 1);
  bench.type("abcde");
  CHECK(bench.said() == "\r\nCONNECT\r\n\r\nOK\r\n");
  bench.world.transport.events(1)->closed();
  data_end(bench, GENERATE(Ending::finished, Ending::reset));
  bench.server_says("226 done");
  CHECK(bench.said() == "\r\n+QFTPPUT: 0,5\r\n");
}

TEST_CASE("the module's end of a download is behind the server's [FTP-8]") {
  Bench bench;
  bench.begin("AT+QFTPGET=\"x\"", 1);
  bench.arrives(1, 3);
  data_end(bench, Ending::finished);
  bench.world.transport.events(1)->closed();
  CHECK(bench.said() == "\r\nCONNECT\r\nxxx\r\nOK\r\n");
  bench.server_says("226 done");
  CHECK(bench.said() == "\r\n+QFTPGET: 0,3\r\n");
}

TEST_CASE("what the host sends behind a broken data connection is lost, until +++ [FTP-9]") {
  Bench bench;
  bench.begin("AT+QFTPPUT=\"x\",\"COM:\"", 1);
  bench.type("some");
  data_end(bench, Ending::reset);
  auto& requests = bench.world.transport.requests[1];
  CHECK(requests.back() == "cut");
  bench.type("more");
  escape(bench);
  CHECK(bench.said() == "\r\nCONNECT\r\n\r\nOK\r\n");
  CHECK(requests.back() == "cut");
  bench.server_says("426 broken");
  CHECK(bench.said() == "\r\n+QFTPPUT: 607,426\r\n");
}

TEST_CASE("bytes that the server takes after +++ hold nobody back [FTP-9]") {
  Bench bench;
  bench.begin("AT+QFTPPUT=\"x\",\"COM:\"", 1);
  bench.world.transport.unsent[1] = 20'000;
  bench.type("some");
  CHECK(bench.world.ports[0].holds_host);
  escape(bench);
  CHECK_FALSE(bench.world.ports[0].holds_host);
  bench.world.transport.unsent[1] = 0;
  bench.world.transport.events(1)->sent();
  bench.world.transport.events(1)->closed();
  bench.server_says("226 done");
  CHECK(bench.said() == "\r\nCONNECT\r\n\r\nOK\r\n\r\n+QFTPPUT: 0,4\r\n");
}

TEST_CASE("a piece whose session ends meanwhile is entered to its end [FTP-9] [FTP-12]") {
  Bench bench;
  bench.begin("AT+QFTPPUT=\"x\",\"COM:\",0,5,1", 1);
  bench.type("ab");
  bench.world.transport.events(0)->ended(Ending::reset);
  CHECK(bench.said() == connect);
  SECTION("all of it") {
    bench.type("cde");
    CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPPUT: 606,0\r\n");
  }
  SECTION("too late") {
    bench.pass(90s);
    CHECK(bench.said() == "\r\n+CME ERROR: 609\r\n\r\n+QFTPPUT: 606,0\r\n");
  }
  SECTION("or until the host goes") {
    bench.world.terminals[0]->host_left(true);
    CHECK(bench.said() == "\r\n+QFTPPUT: 606,0\r\n");
  }
  bench.type("AT+QFTPPWD\r");
  CHECK(bench.said() == "\r\n+CME ERROR: 606\r\n");
}

TEST_CASE("the first reason why a transfer breaks off is the one that is told [FTP-9]") {
  Bench bench;
  bench.begin("AT+QFTPPUT=\"x\",\"COM:\",0,5,1", 1);
  data_end(bench, Ending::reset);
  bench.world.terminals[0]->host_left(true);
  bench.said();
  bench.server_says("426 broken");
  CHECK(bench.said() == "\r\n+QFTPPUT: 607,426\r\n");
}

TEST_CASE("a channel that is taken away before its transfer begins ends it [FTP-8] [FTP-9]") {
  Bench bench;
  ask(bench,
      GENERATE("AT+QFTPGET=\"x\"", "AT+QFTPPUT=\"x\",\"COM:\"", "AT+QFTPPUT=\"x\",\"COM:\",0,5,1"),
      1);
  bench.world.modem.remove_channel(*bench.world.terminals[1]);
  bench.world.settle();
  bench.server_says("150 go");
  CHECK(bench.world.transport.events(1) == nullptr);
  bench.server_says("426 you left");
  bench.type("AT+QFTPSTAT\r");
  CHECK(bench.said().find("+QFTPSTAT: 0,1\r\n") != std::string::npos);
}

TEST_CASE("a server that promises twice begins once [FTP-8]") {
  Bench bench;
  bench.begin("AT+QFTPGET=\"x\"", 1);
  bench.server_says("150 really");
  bench.arrives(1, 2);
  data_end(bench, Ending::finished);
  bench.server_says("226 done");
  CHECK(bench.said() == "\r\nCONNECT\r\nxx\r\nOK\r\n\r\n+QFTPGET: 0,2\r\n");
}

TEST_CASE("the last bytes wanted may be more than the flash has room for [FTP-8]") {
  Bench bench;
  const auto room = emulator::device::free_bytes(bench.world.files.sizes());
  bench.begin(fmt::format("AT+QFTPGET=\"x\",\"UFS:x\",0,{}", room + 1), 1);
  bench.arrives(1, room + 1);
  CHECK(bench.world.transport.events(1) == nullptr);
  bench.server_says("426 you left");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPGET: 613,426\r\n");
  CHECK(bench.world.files.sizes().empty());
}

TEST_CASE("what a server has answered is told, though it goes at once [FTP-4] [FTP-12]") {
  Bench bench;
  bench.type("AT+QFTPPWD\r");
  bench.world.transport.events(0)->arrived({"257 \"/\" is here\r\n"});
  bench.world.transport.events(0)->ended(Ending::finished);
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPPWD: 0,\"/\"\r\n");
  bench.type("AT+QFTPPWD\r");
  CHECK(bench.said() == "\r\n+CME ERROR: 606\r\n");
}

TEST_CASE("a server that answers QUIT as it likes is left all the same [FTP-3]") {
  Bench bench;
  bench.type("AT+QFTPCLOSE\r");
  bench.server_says(GENERATE("421 too late", "500 what?", "200 yes"));
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPCLOSE: 0,0\r\n");
  CHECK(bench.world.transport.events(0) == nullptr);
}

TEST_CASE("a reply that nobody has asked for changes nothing [FTP-2]") {
  Bench bench;
  bench.server_says("200 here I am");
  bench.type("AT+QFTPPWD\r");
  bench.server_says("257 \"/\"");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPPWD: 0,\"/\"\r\n");
}

TEST_CASE("an address that is the server's own is tried once [FTP-2] [FTP-11]") {
  Bench bench;
  bench.type("AT+QFTPCFG=\"data_address\",2,15\r");
  bench.type("AT+QFTPGET=\"x\"\r");
  bench.said();
  bench.server_says("200 type");
  const auto* const told = GENERATE("10,0,0,1", "10,0,0,9");
  bench.server_says(fmt::format("227 ({},4,1)", told));
  bench.pass(15s);
  if (told == std::string("10,0,0,9")) {
    CHECK(bench.said().empty());
    bench.world.transport.events(2)->failed(data_services::OpenFailure::refused);
  }
  CHECK(bench.said() == "\r\n+CME ERROR: 615\r\n");
}

TEST_CASE("a file that cannot be kept at the end is no success [FTP-8]") {
  Bench bench;
  bench.world.terminals[1]->receive("ATE0\r");
  bench.begin("AT+QFTPGET=\"x\",\"UFS:x\"", 1);
  bench.arrives(1, 5);
  SECTION("the host has it open meanwhile") {
    bench.world.terminals[1]->receive("AT+QFOPEN=\"x\"\r");
  }
  SECTION("others have taken the room") {
    const auto room = emulator::device::free_bytes(bench.world.files.sizes());
    REQUIRE(bench.world.files.write("large", std::string(room - 4, 'x')));
  }
  SECTION("the flash fails") { bench.world.files.writable = false; }
  data_end(bench, Ending::finished);
  bench.server_says("226 done");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPGET: 613,0\r\n");
}

TEST_CASE("of an upload whose data the server wants no more its reply says why [FTP-9]") {
  Bench bench;
  bench.begin("AT+QFTPPUT=\"x\",\"COM:\",0,5,1", 1);
  bench.type("ab");
  data_end(bench, Ending::finished);
  data_end(bench, Ending::reset);
  CHECK(bench.said() == connect);
  bench.server_says("452 full");
  CHECK(bench.said().empty());
  bench.type("cde");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPPUT: 619,452\r\n");
}

TEST_CASE("a server that gives up in the middle of a piece ends it [FTP-9]") {
  Bench bench;
  bench.begin("AT+QFTPPUT=\"x\",\"COM:\",0,5,1", 1);
  bench.type("ab");
  bench.server_says("452 full");
  CHECK(bench.world.transport.events(1) == nullptr);
  CHECK(bench.said() == connect);
  bench.type("cde");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPPUT: 619,452\r\n");
}

TEST_CASE("a session is closed though its server does not hang up, or the network goes [FTP-3]") {
  Bench bench;
  bench.type("AT+QFTPCLOSE\r");
  SECTION("it says good-bye, and stays") {
    bench.server_says("221 bye");
    CHECK(bench.world.transport.requests[0].back() == "close");
    bench.pass(90s - 1us);
    CHECK(bench.said() == "\r\nOK\r\n");
    bench.pass(1us);
    CHECK(bench.said() == "\r\n+QFTPCLOSE: 0,0\r\n");
  }
  SECTION("it hangs up by a reset") {
    bench.server_says("221 bye");
    bench.world.transport.events(0)->ended(Ending::reset);
    CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPCLOSE: 0,0\r\n");
  }
  SECTION("the context goes") {
    bench.said();
    bench.world.modem.device().pdp().deactivated({1});
    CHECK(bench.said().find("\r\n+QFTPCLOSE: 0,0\r\n") != std::string::npos);
  }
  CHECK(bench.world.transport.events(0) == nullptr);
  bench.type("AT+QFTPSTAT\r");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QFTPSTAT: 0,4\r\n");
}

TEST_CASE("a context that goes while a session is opened ends that [FTP-3] [FTP-11]") {
  ServiceBench bench("ATE0;+QIACT=1;+QFTPOPEN=\"host\"\r");
  const bool is_connected = GENERATE(false, true);
  if (is_connected) bench.open(0);
  bench.world.modem.device().pdp().deactivated({1});
  CHECK(bench.said().find("\r\n+QFTPOPEN: 605,0\r\n") != std::string::npos);
  CHECK(bench.world.transport.events(0) == nullptr);
}
