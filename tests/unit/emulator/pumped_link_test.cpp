// Events of links that pass through the pump, when what is due before them has closed these.
#include "emulator/pumped_link.hpp"

#include "tests/support/fake_link.hpp"
#include "tests/support/fake_time.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include <catch2/catch.hpp>

using namespace emulator;
using namespace std::chrono_literals;

TEST_CASE("a link that a timer has closed tells nothing of before") {
  boost::asio::io_context io;
  EventLoop loop(io, [](const std::string&) {});
  support::FakeTime real;
  at::Timeline timeline;
  Pump pump(real, timeline, 1);
  PortPressure pressure(io, std::make_shared<net::Activity>());
  auto inner = std::make_unique<support::FakeLink>(timeline);
  auto& far = *inner;
  PumpedLink link(loop, pump, pressure, std::move(inner));
  int told = 0;
  link.listen([&](const mqtt_backend::LinkEvent&) { ++told; });
  pump.run([&] { timeline.after(1ms, [&] { link.close(); }); });
  // What is due meanwhile has not been done.
  real.cancel();
  real.pass(2ms);
  far.say(mqtt_backend::link_event::Opened{mqtt_backend::OpenResult::ok});
  CHECK(told == 0);
  far.say(mqtt_backend::link_event::Opened{mqtt_backend::OpenResult::ok});
  CHECK(told == 1);
}
