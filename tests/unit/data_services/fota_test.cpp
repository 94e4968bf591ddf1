// Firmware updates: downloads, restarts and what becomes of them, in virtual time.
#include "data_services/fota/package.hpp"
#include "tests/support/service_bench.hpp"

#include <string>
#include <utility>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;
using Catch::Contains;
using data_services::PackageHead;

namespace {

const std::string factory = "EG916QGLLGR01A05M04";
const std::string updated = "EG916QGLLGR01A06M01";
/// What a start says, an update apart.
const std::string started =
    "\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\n+QUSIM: 1\r\n\r\n+QIND: SMS DONE\r\n"
    "\r\n+QIND: PB DONE\r\n";

PackageHead head_of(const std::string& revision) {
  PackageHead head;
  head.project = "EG916Q";
  head.revision = revision;
  head.payload = 5000;
  return head;
}

std::string said_fota(const std::string& what) {
  return fmt::format("\r\n+QIND: \"FOTA\",{}\r\n", what);
}

struct Bench : ServiceBench {
  explicit Bench(const emulator::Modem::Settings& settings = {})
      : ServiceBench("ATE0;+CMEE=1\r", settings) {}
  /// What is said at the end of that time, and that nothing is said before.
  std::string after(at::Duration time) {
    world.timeline.run_until(world.timeline.now() + time - 1us);
    CHECK(said().empty());
    world.timeline.run_until(world.timeline.now() + 1us);
    return said();
  }
  std::string within(at::Duration time) {
    world.timeline.run_until(world.timeline.now() + time);
    return said();
  }
  void answers(const std::string& command, const std::string& answer) {
    type("AT" + command + "\r");
    CHECK(said() == fmt::format("\r\n{}\r\n", answer));
  }
  void put(const std::string& package) { REQUIRE(world.files.write("update.bin", package)); }
  std::string asked(std::size_t number) {
    auto& requests = world.transport.requests[number];
    if (requests.empty()) return {};
    auto first = requests.front();
    requests.pop_front();
    return first;
  }
  bool is_gone(std::size_t number) { return world.transport.events(number) == nullptr; }
  /// The package comes as the answer on a connection that is open.
  void serve(std::size_t number, const std::string& package) {
    arrive(number, fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", package.size()));
    for (std::size_t at = 0; at < package.size(); at += 1000)
      arrive(number, package.substr(at, 1000));
  }
  /// From RDY of the update on, with the times of no scenario.
  void updates(const std::string& end = "0") {
    CHECK(after(1s) == said_fota("\"START\""));
    CHECK(after(700ms) == said_fota("\"UPDATING\",7"));
    CHECK(after(1300ms) == said_fota("\"UPDATING\",20"));
    CHECK(after(1300ms) == said_fota("\"UPDATING\",33"));
    CHECK(after(1300ms) == said_fota("\"UPDATING\",46"));
    CHECK(after(1300ms) == said_fota("\"UPDATING\",59"));
    CHECK(after(1200ms) == said_fota("\"UPDATING\",71"));
    CHECK(after(1300ms) == said_fota("\"UPDATING\",84"));
    CHECK(after(1200ms) == said_fota("\"UPDATING\",96"));
    CHECK(after(400ms) == said_fota("\"END\"," + end));
    CHECK(after(1s) == started);
  }
  void runs(const std::string& revision, const std::string& build = "A0.001.A0.001") {
    type("ATE0\r");
    said();
    answers("+CGMR", revision + "\r\n\r\nOK");
    answers("+GMR", revision + "\r\n\r\nOK");
    answers("+QGMR", fmt::format("{}_{}\r\n\r\nOK", revision, build));
    answers("I", fmt::format("Quectel\r\nEG916Q\r\nRevision: {}\r\n\r\nOK", revision));
  }
};

}  // namespace

TEST_CASE(
    "a package in the flash is played, and the revision is a new one [FOTA-1] [FOTA-2] [FOTA-5]") {
  Bench bench;
  bench.runs(factory);
  auto head = head_of(updated);
  const auto* const path = GENERATE("UFS:update.bin", "update.bin", "/data/ufs/update.bin",
                                    "/usrdata/cache/ufs/update.bin");
  SECTION("with a build of its own") {
    head.build = "A0.002";
    bench.put(data_services::make_package(head));
    bench.type(fmt::format("AT+QFOTADL=\"{}\"\r", path));
    CHECK(bench.said() == "\r\nOK\r\n");
    CHECK(bench.after(2s) == "\r\nRDY\r\n");
    bench.updates();
    bench.runs(updated, "A0.002");
  }
  SECTION("over AT&F and starts to come") {
    bench.put(data_services::make_package(head));
    bench.type(fmt::format("AT+QFOTADL=\"{}\",1\r", path));
    bench.within(20s);
    bench.runs(updated);
    bench.answers("&F", "OK");
    bench.runs(updated);
    bench.world.modem.device().power().hard_reset();
    CHECK(bench.said() == started);
    bench.runs(updated);
  }
}

TEST_CASE("fwupd fills its last block up and waits for the end [FOTA-5]") {
  Bench bench;
  auto blocks = data_services::make_package(head_of(updated));
  blocks.resize((blocks.size() + 2047) / 2048 * 2048, '\xFF');
  bench.type(fmt::format("AT+QFUPL=\"UFS:dfota_update.bin\",{},5,1\r", blocks.size()));
  bench.type(blocks);
  bench.said();
  bench.answers("+QFOTADL=\"/data/ufs/dfota_update.bin\"", "OK");
  CHECK(bench.after(2s) == "\r\nRDY\r\n");
  bench.updates();
  bench.runs(updated);
}

TEST_CASE("with auto_reset 0 the update waits for the host's reset [FOTA-1]") {
  Bench bench;
  bench.put(data_services::make_package(head_of(updated)));
  bench.answers("+QFOTADL=\"UFS:update.bin\",0,100", "OK");
  CHECK(bench.within(1h).empty());
  CHECK_FALSE(bench.world.modem.busy());
  CHECK(bench.world.modem.fota().activity() == "waiting");
  bench.runs(factory);
  SECTION("by AT+CFUN=1,1") { bench.type("AT+CFUN=1,1\r"); }
  SECTION("by the reset line") { bench.world.modem.device().power().hard_reset(); }
  CHECK_THAT(bench.said(), Contains("RDY") && !Contains("+CFUN: 1"));
  CHECK(bench.world.modem.fota().activity() == "updating");
  bench.updates();
  CHECK(bench.world.modem.fota().activity() == "idle");
  bench.runs(updated);
  bench.type("AT+CFUN=1,1\r");
  CHECK(bench.said() == "\r\nOK\r\n" + started);
  bench.runs(updated);
}

TEST_CASE("a package comes by HTTP [FOTA-1] [FOTA-2]") {
  Bench bench;
  const auto package = data_services::make_package(head_of(updated));
  bench.type("AT+QFOTADL=\"http://a/dir/p?q\",1,50\r");
  CHECK(bench.said() == "\r\nOK\r\n" + said_fota("\"HTTPSTART\""));
  CHECK(bench.asked(0) == "connect a 80");
  bench.open(0);
  CHECK_THAT(bench.asked(0), Contains("GET /dir/p?q HTTP/1.1") && Contains("Host: a"));
  bench.serve(0, package);
  CHECK(bench.is_gone(0));
  CHECK(bench.after(1s) == said_fota("\"HTTPEND\",0"));
  CHECK(bench.after(1s) == "\r\nRDY\r\n");
  bench.updates();
  bench.runs(updated);
}

TEST_CASE("redirects lead to the package, and over TLS it is TLS [FOTA-1]") {
  Bench bench;
  bench.type("AT+QFOTADL=\"https://a/p\",0\r");
  CHECK(bench.asked(0) == "connect a 443 tls");
  bench.open(0);
  bench.arrive(0, "HTTP/1.1 302 Found\r\nLocation: http://b:81/x\r\nContent-Length: 0\r\n\r\n");
  CHECK(bench.asked(1) == "connect b 81");
  bench.open(1);
  CHECK_THAT(bench.asked(1), Contains("GET /x HTTP/1.1") && Contains("Host: b:81"));
  bench.serve(1, data_services::make_package(head_of(updated)));
  bench.said();
  CHECK(bench.after(1s) == said_fota("\"HTTPEND\",0"));
  CHECK(bench.within(1h).empty());
  bench.type("AT+CFUN=1,1\r");
  bench.within(20s);
  bench.runs(updated);
}

TEST_CASE("a package comes by FTP, in the name of the URL's account [FOTA-1] [FOTA-2]") {
  Bench bench;
  bench.type("AT+QFOTADL=\"ftp://u:p@a:2121/dir/f\"\r");
  CHECK(bench.said() == "\r\nOK\r\n" + said_fota("\"FTPSTART\""));
  CHECK(bench.asked(0) == "connect a 2121");
  bench.open(0);
  bench.arrive(0, "220 hello\r\n");
  CHECK(bench.asked(0) == "send \"USER u\\r\\n\"");
  bench.arrive(0, "331 and?\r\n");
  CHECK(bench.asked(0) == "send \"PASS p\\r\\n\"");
  bench.arrive(0, "230 in\r\n");
  CHECK(bench.asked(0) == "send \"TYPE I\\r\\n\"");
  bench.arrive(0, "200 ok\r\n");
  CHECK(bench.asked(0) == "send \"PASV\\r\\n\"");
  bench.arrive(0, "227 here (10,0,0,1,4,1)\r\n");
  CHECK(bench.asked(1) == "connect 10.0.0.1 1025");
  bench.open(1);
  CHECK(bench.asked(0) == "send \"RETR dir/f\\r\\n\"");
  bench.arrive(0, "150 now\r\n");
  const auto package = data_services::make_package(head_of(updated));
  bench.arrive(1, package);
  bench.world.transport.events(1)->ended(data_services::Ending::finished);
  bench.arrive(0, "226 done\r\n");
  CHECK(bench.asked(0) == "send \"QUIT\\r\\n\"");
  bench.arrive(0, "221 bye\r\n");
  bench.world.transport.events(0)->closed();
  CHECK(bench.after(1s) == said_fota("\"FTPEND\",0"));
  CHECK(bench.after(1s) == "\r\nRDY\r\n");
  bench.updates();
  bench.runs(updated);
}

TEST_CASE("what a package is not, is told at its end, and nothing restarts [FOTA-3]") {
  Bench bench;
  auto head = head_of(updated);
  std::string package;
  std::string error;
  SECTION("cut") {
    package = data_services::make_package(head);
    package.pop_back();
    error = "505";
  }
  SECTION("damaged") {
    package = data_services::make_package(head);
    package[package.size() - 100] ^= 1;
    error = "506";
  }
  SECTION("from another version") {
    head.from = "EG916QGLLGR01A05M03";
    error = "507";
  }
  SECTION("of another model") {
    head.project = "EG915Q";
    error = "552";
  }
  SECTION("of another baseline") {
    head.baseline = "EG916QGLLGR01A04";
    error = "553";
  }
  if (package.empty()) package = data_services::make_package(head);
  bench.put(package);
  bench.answers("+QFOTADL=\"UFS:update.bin\"", "OK");
  CHECK(bench.after(1s) == said_fota("\"END\"," + error));
  CHECK(bench.within(1h).empty());
  bench.type("AT+QFOTADL=\"http://a/p\"\r");
  bench.said();
  bench.open(0);
  bench.serve(0, package);
  CHECK(bench.after(1s) == said_fota("\"HTTPEND\",0") + said_fota("\"END\"," + error));
  CHECK(bench.within(1h).empty());
  bench.world.modem.device().power().hard_reset();
  CHECK(bench.said() == started);
  bench.runs(factory);
}

TEST_CASE("a server that has no package is asked once [FOTA-3]") {
  Bench bench;
  const auto* const status = GENERATE("404 Not Found", "403 Forbidden", "302 Found");
  bench.type("AT+QFOTADL=\"http://a/p\"\r");
  bench.said();
  bench.open(0);
  bench.arrive(0, fmt::format("HTTP/1.1 {}\r\nContent-Length: 0\r\n\r\n", status));
  CHECK(bench.said() == said_fota("\"HTTPEND\",701"));
  CHECK(bench.is_gone(0));
  CHECK(bench.within(1h).empty());
  CHECK_FALSE(bench.world.modem.busy());
}

TEST_CASE("redirects that lead nowhere come to an end [FOTA-3]") {
  Bench bench;
  bench.type("AT+QFOTADL=\"http://a/p\"\r");
  bench.said();
  std::size_t number = 0;
  for (; bench.world.transport.events(number) != nullptr && number < 100; ++number) {
    bench.open(number);
    bench.arrive(number, fmt::format("HTTP/1.1 302 Found\r\nLocation: http://b:{}/\r\n"
                                     "Content-Length: 0\r\n\r\n",
                                     number + 1));
  }
  CHECK(number == 11);
  CHECK(bench.said() == said_fota("\"HTTPEND\",701"));
}

TEST_CASE("more than a package can be is not taken [FOTA-3]") {
  Bench bench;
  bench.type("AT+QFOTADL=\"http://a/p\"\r");
  bench.said();
  bench.open(0);
  bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n");
  const std::string piece(4096, 'x');
  std::size_t sent = 0;
  for (; !bench.is_gone(0) && sent < 99'999'999; sent += piece.size()) bench.arrive(0, piece);
  CHECK(sent <= data_services::PackageReader::max_bytes + piece.size());
  CHECK(bench.said() == said_fota("\"HTTPEND\",701"));
}

TEST_CASE("a download that fails is tried again, as often as it is told to [FOTA-4] [FOTA-3]") {
  Bench bench;
  bench.type("AT+QFOTADL=\"http://a/p\",1,20,2,5\r");
  bench.said();
  SECTION("refused every time") {
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(bench.asked(i) == "connect a 80");
      bench.world.transport.events(i)->failed(data_services::OpenFailure::refused);
      bench.world.settle();
      if (i < 2) CHECK(bench.within(5s - 1us).empty());
      if (i < 2) CHECK(bench.asked(i + 1).empty());
      if (i < 2) CHECK(bench.within(1us).empty());
    }
    CHECK(bench.said() == said_fota("\"HTTPEND\",701"));
    CHECK(bench.within(1h).empty());
  }
  SECTION("a server that has no time now") {
    bench.open(0);
    bench.arrive(0, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
    CHECK(bench.within(5s).empty());
    CHECK(bench.asked(1) == "connect a 80");
  }
  SECTION("a server that is silent, one that resets, and one that answers") {
    bench.open(0);
    CHECK(bench.within(20s).empty());
    CHECK(bench.is_gone(0));
    bench.within(5s);
    bench.open(1);
    const auto package = data_services::make_package(head_of(updated));
    bench.arrive(1, fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", package.size()));
    bench.arrive(1, package.substr(0, 3000));
    bench.world.transport.events(1)->ended(data_services::Ending::reset);
    bench.world.settle();
    bench.within(5s);
    bench.open(2);
    bench.serve(2, package);
    CHECK(bench.after(1s) == said_fota("\"HTTPEND\",0"));
  }
}

TEST_CASE("what nobody sets: a minute, six tries more, six seconds between them [FOTA-4]") {
  Bench bench;
  bench.type("AT+QFOTADL=\"ftp://a/p\"\r");
  bench.said();
  for (std::size_t i = 0; i < 7; ++i) {
    bench.open(i);
    CHECK(bench.within(60s - 1us).empty());
    CHECK_FALSE(bench.is_gone(i));
    const auto said = bench.within(1us);
    CHECK(bench.is_gone(i));
    CHECK(said == (i < 6 ? "" : said_fota("\"FTPEND\",601")));
    if (i < 6) bench.within(6s);
  }
}

TEST_CASE("FTP that refuses is not asked again; one that breaks off is [FOTA-3]") {
  Bench bench;
  bench.type("AT+QFOTADL=\"ftp://a/p\"\r");
  bench.said();
  bench.open(0);
  SECTION("no such account") {
    bench.arrive(0, "220 hello\r\n");
    bench.arrive(0, "331 and?\r\n");
    bench.arrive(0, "530 no\r\n");
    CHECK(bench.said() == said_fota("\"FTPEND\",601"));
  }
  SECTION("broken off") {
    bench.world.transport.events(0)->ended(data_services::Ending::reset);
    CHECK(bench.said().empty());
    bench.within(6s);
    CHECK(bench.asked(1) == "connect a 21");
  }
}

TEST_CASE("the context of a download is brought up, and its loss is a failure [FOTA-1]") {
  Bench bench;
  SECTION("one that nobody has defined") {
    bench.answers("+QCFG=\"fota/cid\",5", "OK");
    bench.type("AT+QFOTADL=\"http://a/p\",1,1,1,1\r");
    bench.said();
    CHECK(bench.asked(0).empty());
    CHECK(bench.within(1s) == said_fota("\"HTTPEND\",701"));
  }
  SECTION("one that the network takes down") {
    bench.answers("+QIACT?", "OK");
    bench.type("AT+QFOTADL=\"http://a/p\",1,60,1,1\r");
    bench.said();
    bench.open(0);
    bench.world.modem.device().scenario().deactivate({1});
    CHECK(bench.is_gone(0));
    CHECK_THAT(bench.said(), !Contains("FOTA"));
    bench.within(1s);
    CHECK(bench.asked(1) == "connect a 80");
  }
  SECTION("no network") {
    bench.type("AT+CFUN=4\r");
    bench.said();
    bench.type("AT+QFOTADL=\"http://a/p\",1,60,1,1\r");
    CHECK(bench.said() == "\r\nOK\r\n" + said_fota("\"HTTPSTART\""));
    CHECK(bench.within(1s) == said_fota("\"HTTPEND\",701"));
  }
}

TEST_CASE("a second one is not allowed, and changes nothing [FOTA-1]") {
  Bench bench;
  bench.put(data_services::make_package(head_of(updated)));
  bench.type("AT+QFOTADL=\"http://a/p\";+QFOTADL=\"UFS:update.bin\"\r");
  CHECK(bench.said() == "\r\n+CME ERROR: 3\r\n" + said_fota("\"HTTPSTART\""));
  CHECK(*bench.world.modem.busy() == "an update is downloaded or checked");
  bench.answers("+QFOTADL=\"UFS:update.bin\"", "+CME ERROR: 3");
  CHECK_FALSE(bench.is_gone(0));
  bench.world.transport.events(0)->failed(data_services::OpenFailure::refused);
  bench.within(6s);
  bench.open(1);
  bench.serve(1, data_services::make_package(head_of(updated)));
  bench.within(1h);
  bench.runs(updated);
}

TEST_CASE("a package that waits gives way to the next one [FOTA-1]") {
  Bench bench;
  bench.put(data_services::make_package(head_of("EG916QGLLGR01A06M01")));
  bench.answers("+QFOTADL=\"UFS:update.bin\",0", "OK");
  bench.within(1s);
  bench.put(data_services::make_package(head_of("EG916QGLLGR01A07M02")));
  bench.answers("+QFOTADL=\"UFS:update.bin\",0", "OK");
  bench.within(1s);
  bench.type("AT+CFUN=1,1\r");
  bench.within(20s);
  bench.runs("EG916QGLLGR01A07M02");
}

TEST_CASE(
    "a package that is refused has taken the place of the one that waited [FOTA-1] [FOTA-3]") {
  Bench bench;
  bench.put(data_services::make_package(head_of(updated)));
  bench.answers("+QFOTADL=\"UFS:update.bin\",0", "OK");
  bench.within(1s);
  bench.put("no package");
  bench.type("AT+QFOTADL=\"UFS:update.bin\",0\r");
  CHECK(bench.within(1s) == "\r\nOK\r\n" + said_fota("\"END\",505"));
  bench.type("AT+CFUN=1,1\r");
  CHECK(bench.within(20s) == "\r\nOK\r\n" + started);
  bench.runs(factory);
}

TEST_CASE("a reset in mid-download forgets it [FOTA-1]") {
  Bench bench;
  const auto package = data_services::make_package(head_of(updated));
  bench.type("AT+QFOTADL=\"http://a/p\"\r");
  bench.said();
  bench.open(0);
  bench.arrive(0, fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", package.size()));
  bench.arrive(0, package.substr(0, 3000));
  SECTION("by the host") {
    bench.type("AT+CFUN=1,1\r");
    CHECK(bench.said() == "\r\nOK\r\n" + started);
  }
  SECTION("by power") {
    bench.world.modem.device().power().hard_reset();
    CHECK(bench.said() == started);
  }
  CHECK(bench.is_gone(0));
  CHECK(bench.within(1h).empty());
  bench.runs(factory);
}

TEST_CASE("power that fails once the package is here costs nothing [FOTA-2]") {
  Bench bench;
  bench.put(data_services::make_package(head_of(updated)));
  bench.answers("+QFOTADL=\"UFS:update.bin\"", "OK");
  bench.within(500ms);
  bench.world.modem.device().power().hard_reset();
  CHECK(bench.said() == "\r\nRDY\r\n");
  bench.updates();
  bench.runs(updated);
}

TEST_CASE("an update that power-off breaks off begins again, three times [FOTA-2] [FOTA-3]") {
  Bench bench;
  bench.put(data_services::make_package(head_of(updated)));
  bench.answers("+QFOTADL=\"UFS:update.bin\"", "OK");
  CHECK(bench.after(2s) == "\r\nRDY\r\n");
  const auto fails = GENERATE(1, 2, 3);
  for (int i = 0; i < fails; ++i) {
    CHECK_THAT(bench.within(6s), Contains("UPDATING\",46"));
    bench.world.modem.device().power().hard_reset();
    CHECK(bench.said() == "\r\nRDY\r\n");
  }
  if (fails < 3) {
    bench.updates();
    bench.runs(updated);
    return;
  }
  CHECK(bench.after(1s) == said_fota("\"START\"") + said_fota("\"END\",504"));
  CHECK(bench.after(1s) == started);
  bench.runs(factory);
  bench.world.modem.device().power().hard_reset();
  CHECK(bench.said() == started);
}

TEST_CASE(
    "while it is updated the module answers, and neither restarts nor changes its level [FOTA-2]") {
  Bench bench;
  bench.put(data_services::make_package(head_of(updated)));
  bench.answers("+QFOTADL=\"UFS:update.bin\"", "OK");
  bench.within(3s);
  CHECK(*bench.world.modem.busy() == "the firmware is updated");
  bench.type("ATE0\r");
  bench.said();
  bench.answers("+CFUN=1,1", "+CME ERROR: 3");
  bench.answers("+CFUN=0", "+CME ERROR: 3");
  bench.answers("+QFOTADL=\"UFS:update.bin\"", "+CME ERROR: 3");
  SECTION("to the end") {
    bench.within(20s);
    bench.runs(updated);
  }
  SECTION("or it is switched off, and goes on when it is on again") {
    bench.type("AT+QPOWD\r");
    CHECK(bench.said() == "\r\nOK\r\n\r\nPOWERED DOWN\r\n");
    CHECK(bench.within(1h).empty());
    bench.world.modem.power_on();
    CHECK(bench.said() == "\r\nRDY\r\n");
    bench.updates();
  }
}

TEST_CASE("a flash that stores nothing is a failed update, and no endless one [FOTA-3]") {
  Bench bench;
  bench.put(data_services::make_package(head_of(updated)));
  SECTION("when the package is noted") {
    bench.world.flash.writable = false;
    bench.answers("+QFOTADL=\"UFS:update.bin\"", "OK");
    CHECK(bench.after(1s) == said_fota("\"END\",504"));
    CHECK(bench.within(1h).empty());
  }
  SECTION("when the update begins") {
    bench.answers("+QFOTADL=\"UFS:update.bin\"", "OK");
    bench.world.flash.writable = false;
    CHECK(bench.after(2s) == "\r\nRDY\r\n");
    CHECK(bench.after(1s) == said_fota("\"START\"") + said_fota("\"END\",504"));
    CHECK(bench.after(1s) == started);
    CHECK(bench.within(1h).empty());
    bench.runs(factory);
  }
  SECTION("when it is over") {
    bench.answers("+QFOTADL=\"UFS:update.bin\"", "OK");
    bench.within(3s);
    bench.world.flash.writable = false;
    bench.within(9700ms);
    CHECK(bench.within(300ms) == said_fota("\"END\",504"));
    CHECK(bench.after(1s) == started);
    bench.runs(factory);
  }
}

TEST_CASE("a stored update that is none any more is told of and forgotten [FOTA-3]") {
  Bench bench;
  SECTION("damaged") { bench.world.flash.settings["fota/waiting"] = "nonsense"; }
  SECTION("its number of starts") {
    bench.world.flash.settings["fota/waiting"] = data_services::to_text(head_of(updated));
    bench.world.flash.settings["fota/starts"] = GENERATE("x", "!", "12", "");
  }
  bench.world.modem.device().power().hard_reset();
  CHECK(bench.said() == "\r\nRDY\r\n");
  CHECK_THAT(bench.after(1s), Contains("\"END\",50"));
  CHECK(bench.after(1s) == started);
  bench.runs(factory);
}

TEST_CASE("the stored revision is that of the module that was updated [FOTA-2]") {
  emulator::Modem::Settings settings;
  const std::string stored = "EG916Q\n" + factory + "\nR9\nB9";
  Bench bench(settings);
  bench.world.flash.settings["fota/firmware"] = stored;
  bench.runs("R9", "B9");
  for (const auto* other : {"", "EG916Q\n", "EG916Q\nR0\nR9\nB9", "EG915Q\nR0\nR9\nB9"}) {
    bench.world.flash.settings["fota/firmware"] = other;
    bench.runs(factory);
  }
}

TEST_CASE("a scenario says how long the steps take [FOTA-2]") {
  emulator::Modem::Settings settings;
  auto scene = emulator::device::home_scene(emulator::device::models[0]);
  scene.fota = {.check_ms = 100, .reset_ms = 200, .start_ms = 300, .update_ms = 1000};
  settings.device.scenario = {{at::Duration::zero(), scene, {}}};
  Bench bench(settings);
  bench.put(data_services::make_package(head_of(updated)));
  bench.answers("+QFOTADL=\"UFS:update.bin\"", "OK");
  CHECK(bench.after(300ms) == "\r\nRDY\r\n");
  CHECK(bench.after(300ms) == said_fota("\"START\""));
  CHECK(bench.after(70ms) == said_fota("\"UPDATING\",7"));
  CHECK_THAT(bench.within(930ms), Contains("\"END\",0"));
  CHECK(bench.after(200ms) == started);
}

TEST_CASE("the URCs of an update go to the URC port alone [FOTA-2]") {
  Bench bench;
  bench.put(data_services::make_package(head_of(updated)));
  bench.world.terminals[1]->receive("AT+QFOTADL=\"UFS:update.bin\"\r");
  bench.world.settle();
  bench.within(3s);
  CHECK(bench.world.ports[1].unread.find("FOTA\",") == std::string::npos);
}
