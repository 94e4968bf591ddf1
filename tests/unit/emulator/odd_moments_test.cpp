// A module that is asked what it does at any moment, and hosts that want little said.
#include "data_services/ftp/ftp_error.hpp"
#include "emulator/device/identity/profile.hpp"
#include "emulator/device/network/network.hpp"
#include "emulator/snapshot/json_memo.hpp"
#include "ssl_ctx/contexts.hpp"
#include "tests/support/service_bench.hpp"
#include "tests/unit/data_services/ftp_bench.hpp"
#include "tests/unit/data_services/http_bench.hpp"

#include <array>
#include <deque>
#include <string>

#include <catch2/catch.hpp>

using namespace support;
using namespace std::chrono_literals;

TEST_CASE("HTTP tells what it is about, from the request to the last byte [CTL-2]") {
  HttpBench bench;
  const auto activity = [&] { return bench.world.modem.http().activity(); };
  CHECK(activity() == "idle");
  bench.type("AT+QHTTPPOST=2\r");
  bench.open(0);
  CHECK(activity() == "entering");
  bench.type("hi");
  CHECK(activity() == "requesting");
  bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
  CHECK(activity() == "unread");
  bench.type("AT+QHTTPREAD\r");
  CHECK(activity() == "reading");
  bench.arrive(0, "ok");
  CHECK(activity() == "idle");
}

TEST_CASE("a data call keeps a module from being taken [CTL-15]") {
  ServiceBench bench("ATE0\r");
  bench.type("ATD*99***1#\r");
  CHECK(bench.world.modem.busy() == "a data call is under way");
}

TEST_CASE("a quiet channel is not told that it is connected, nor how fast (V.250 6.2.5)") {
  ServiceBench bench("ATE0Q1\r");
  bench.type("ATD*99***1#\r");
  CHECK(bench.world.terminals[0]->is_online());
  CHECK(bench.said().empty());
}

TEST_CASE("an upload whose bytes the system takes late is not late itself [FTP-9] [GEN-16]") {
  FtpBench bench;
  bench.type("AT+QFUPL=\"f\",2\r");
  bench.type("hi");
  bench.begin("AT+QFTPPUT=\"x\",\"UFS:f\"", 1);
  bench.said();
  bench.pass(60s);
  bench.world.transport.events(1)->sent();
  bench.pass(60s);
  CHECK(bench.said().empty());
  bench.world.transport.events(1)->closed();
  bench.server_says("226 done");
  CHECK(bench.said() == "\r\n+QFTPPUT: 0,2\r\n");
}

TEST_CASE("a transparent UDP socket sends packets, or whole ones together [TRAN-1]") {
  ServiceBench bench("ATE0;+QIACT=1;+QICFG=\"transpktsize\",2\r");
  const bool together = GENERATE(false, true);
  if (together) bench.type("AT+QICFG=\"udp/sendmode\",1\r");
  bench.type("AT+QIOPEN=1,0,\"UDP\",\"host\",7,0,2\r");
  bench.open(0);
  auto& requests = bench.world.transport.requests[0];
  requests.clear();
  bench.type("abcde");
  using Requests = std::deque<std::string>;
  CHECK(requests ==
        (together ? Requests{"send \"abcd\""} : Requests{"send \"ab\"", "send \"cd\""}));
}

TEST_CASE("a model is found by its option, and no other is") {
  const auto* const model = emulator::device::find_model("EG915Q");
  REQUIRE(model != nullptr);
  CHECK(model->option == "EG915Q");
  CHECK(emulator::device::find_model("EG95") == nullptr);
}

TEST_CASE("a registration has a word for each of its states [CTL-2]") {
  using emulator::device::Network;
  CHECK(Network::name_of_stat(Network::Stat::idle) == "none");
  CHECK(Network::name_of_stat(Network::Stat::home) == "home");
  CHECK(Network::name_of_stat(Network::Stat::searching) == "searching");
  CHECK(Network::name_of_stat(Network::Stat::denied) == "denied");
  CHECK(Network::name_of_stat(Network::Stat::roaming) == "roaming");
}

TEST_CASE("a word that is none of those known is refused where settings come back [CTL-15]") {
  enum class Fruit { apple, pear };
  constexpr std::array<std::string_view, 2> words{"apple", "pear"};
  nlohmann::json document = {{"fruit", "pear"}};
  auto fruit = Fruit::apple;
  emulator::snapshot::ReadingMemo good(document);
  good.word("fruit", fruit, words);
  CHECK(fruit == Fruit::pear);
  CHECK_FALSE(good.damage());
  document["fruit"] = "plum";
  emulator::snapshot::ReadingMemo bad(document);
  bad.word("fruit", fruit, words);
  CHECK(fruit == Fruit::pear);
  REQUIRE(bad.damage());
  CHECK(bad.damage()->field == "fruit");
  CHECK(bad.damage()->detail == "is no word that is known there");
}

TEST_CASE("what a TLS session was made from is the same, or another one is made [SSLS-1]") {
  ssl_ctx::TlsRequest one;
  one.settings.sni = true;
  auto other = one;
  CHECK(one == other);
  SECTION("a setting") { other.settings.alpn = "mqtt"; }
  SECTION("a file") { other.ca = "CA"; }
  SECTION("a restart") { ++other.boot; }
  CHECK_FALSE(one == other);
}

TEST_CASE("a reply of FTP is no error below 400 [FTP-4]") {
  using data_services::FtpError;
  CHECK(data_services::error_of_reply(226) == FtpError::none);
  CHECK(data_services::error_of_reply(399) == FtpError::none);
  CHECK(data_services::error_of_reply(421) == FtpError::service_unavailable);
  CHECK(data_services::error_of_reply(425) == FtpError::data_open_failed);
}

TEST_CASE("a socket whose channel is gone is that of no channel [SOCK-36]") {
  ServiceBench bench("ATE0;+QIACT=1\r");
  bench.world.terminals[1]->receive("AT+QIOPEN=1,0,\"TCP\",\"host\",80\r");
  bench.open(0);
  bench.said();
  bench.type("AT+QISTATE=1,0\r");
  CHECK(bench.said() ==
        "\r\n+QISTATE: 0,\"TCP\",\"10.0.0.1\",80,1025,2,1,0,0,\"usbat\"\r\n\r\nOK\r\n");
  bench.world.modem.remove_channel(*bench.world.terminals[1]);
  bench.type("AT+QISTATE=1,0\r");
  CHECK(bench.said() == "\r\n+QISTATE: 0,\"TCP\",\"10.0.0.1\",80,1025,2,1,0,0,\"\"\r\n\r\nOK\r\n");
}
