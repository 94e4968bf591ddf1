// The count of packet data: from a meter of one's own, with savings that come by themselves.
#include "emulator/device/packet_data/data_counter.hpp"

#include "tests/support/world.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using emulator::device::DataCounter;

namespace {

struct Counting {
  std::string count() {
    return DataCounter::commands()[0].read(counter, {at::Args{}}).lines().at(0);
  }
  void operate(const std::string& op) { write(0, op); }
  void save_every(const std::string& seconds) { write(1, seconds); }

  void write(std::size_t which, const std::string& text) {
    const auto& command = DataCounter::commands()[which];
    const auto args = at::Args::parse(text, command.params);
    REQUIRE(command.write(counter, {*args}).kind() == at::Outcome::Kind::ok);
  }
  void pass(at::Duration time) { timeline.run_until(timeline.now() + time); }

  at::Timeline timeline;
  support::MemoryFlash flash;
  cellular::Traffic traffic{7, 9};
  DataCounter counter{timeline, flash, [this] { return traffic; }};
};

}  // namespace

TEST_CASE("bytes are counted from the start, or from zero as the host sets it") {
  Counting it;
  it.counter.start();
  CHECK(it.count() == "+QGDCNT: 0,0");
  it.traffic = {107, 59};
  CHECK(it.count() == "+QGDCNT: 100,50");
  it.operate("0");
  CHECK(it.count() == "+QGDCNT: 0,0");
  it.traffic = {108, 61};
  CHECK(it.count() == "+QGDCNT: 1,2");
}

TEST_CASE("what was saved is there after a restart, the rest is not") {
  Counting it;
  it.counter.start();
  it.traffic = {107, 59};
  it.operate("1");
  it.traffic = {207, 59};
  it.counter.reset();
  it.counter.start();
  CHECK(it.count() == "+QGDCNT: 100,50");
  it.traffic = {208, 60};
  CHECK(it.count() == "+QGDCNT: 101,51");
}

TEST_CASE("the count saves itself as often as was set, until the module stops") {
  Counting it;
  it.counter.start();
  it.save_every("30");
  it.traffic = {17, 19};
  it.pass(29s);
  CHECK_FALSE(it.flash.get("QGDCNT"));
  it.pass(1s);
  CHECK(it.flash.get("QGDCNT") == "10,10");
  it.traffic = {27, 19};
  it.pass(30s);
  CHECK(it.flash.get("QGDCNT") == "20,10");
  it.save_every("0");
  it.traffic = {37, 19};
  it.pass(60s);
  CHECK(it.flash.get("QGDCNT") == "20,10");
  it.save_every("40");
  it.counter.reset();
  it.pass(80s);
  CHECK(it.flash.get("QGDCNT") == "20,10");
}

TEST_CASE("a saved count that cannot be read is zero") {
  Counting it;
  for (const auto* damaged : {"", "x", ",", "-1,5"}) {
    REQUIRE(it.flash.set("QGDCNT", damaged));
    it.counter.start();
    CHECK(it.count() == "+QGDCNT: 0,0");
  }
}
