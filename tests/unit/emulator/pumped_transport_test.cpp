// Events of connections that pass through the pump, when what is due before them has ended these.
#include "emulator/pumped_transport.hpp"

#include "tests/support/fake_time.hpp"
#include "tests/support/fake_transport.hpp"

#include <chrono>
#include <memory>
#include <string>

#include <catch2/catch.hpp>

using namespace emulator;
using namespace std::chrono_literals;
using data_services::Ending;

namespace {

struct Bench {
  boost::asio::io_context io;
  EventLoop loop{io, [](const std::string&) {}};
  support::FakeTime real;
  at::Timeline timeline;
  Pump pump{real, timeline, 1};
  std::shared_ptr<net::Activity> activity = std::make_shared<net::Activity>();
  PortPressure pressure{io, activity};
  support::FakeTransport transport;
  PumpedTransport pumped{loop, pump, pressure, transport};
  std::string told;

  /// What is due meanwhile has not been done.
  void oversleep(RealTime::Moment::duration time) {
    real.cancel();
    real.pass(time);
  }
};

}  // namespace

TEST_CASE("a connection that a timer has ended tells nothing any more") {
  Bench bench;
  data_services::Connection::Events events;
  events.ended = [&](Ending) { bench.told += "ended"; };
  auto connection = bench.pumped.connect({}, events);
  bench.pump.run([&] { bench.timeline.after(1ms, [&] { connection.reset(); }); });
  const auto from_outside = *bench.transport.events(0);
  bench.oversleep(2ms);
  from_outside.ended(Ending::finished);
  CHECK(connection == nullptr);
  CHECK(bench.told.empty());
}

TEST_CASE("a listener that a timer has ended takes nobody any more") {
  Bench bench;
  data_services::Listener::Events events;
  events.incoming = [&](const data_services::Incoming&) { bench.told += "incoming"; };
  auto listener = bench.pumped.listen({}, events);
  bench.pump.run([&] { bench.timeline.after(1ms, [&] { listener.reset(); }); });
  const auto from_outside = *bench.transport.listener(0);
  bench.oversleep(2ms);
  from_outside.incoming(bench.transport.caller({"10.0.0.1", 1025}));
  CHECK(bench.told.empty());
}

TEST_CASE("a connection that stands tells what comes at its time") {
  Bench bench;
  data_services::Connection::Events events;
  events.ended = [&](Ending) { bench.told += "ended"; };
  const auto connection = bench.pumped.connect({}, events);
  bench.transport.events(0)->ended(Ending::finished);
  CHECK(bench.told == "ended");
}
