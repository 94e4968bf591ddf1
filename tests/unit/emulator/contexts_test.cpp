// Packet data contexts as the parts of the module use them, and the key that switches it off.
#include "tests/support/session.hpp"

#include <chrono>
#include <string>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

TEST_CASE("a context that is given back goes, unless it is the default one or has another use") {
  support::Session session;
  session.start();
  auto& pdp = session.modem.device().pdp();
  session.say("AT+CGDCONT=2,\"IP\",\"apn\"");
  session.say("AT+CGACT=1,2");
  pdp.release(2);
  CHECK_FALSE(pdp.active(2));
  CHECK(pdp.active(1));
  pdp.release(1);
  CHECK(pdp.active(1));

  auto lease = pdp.lease(2, {});
  CHECK(lease.cid() == 2);
  pdp.release(2);
  CHECK(pdp.active(2));
  lease.end();
  CHECK(lease.cid() == 0);
  pdp.release(2);
  CHECK_FALSE(pdp.active(2));

  session.say("AT+QIACT=2");
  pdp.release(2);
  CHECK(pdp.active(2));
}

TEST_CASE("the key switches a module off in an orderly way only when it has started") {
  emulator::Modem::Settings settings;
  settings.device.boot.ready = 1s;
  support::World world(settings);
  world.modem.power_on();
  world.timeline.run_until(at::Time(500ms));
  auto& power = world.modem.device().power();
  power.press_off();
  world.timeline.run_until(at::Time(60s));
  CHECK(world.ports[0].unread.empty());
  world.modem.power_on();
  world.timeline.run_until(at::Time(120s));
  CHECK_THAT(world.ports[0].unread, Catch::StartsWith("\r\nRDY\r\n"));
  world.ports[0].unread.clear();
  power.press_off();
  world.timeline.run_until(at::Time(180s));
  CHECK(world.ports[0].unread == "\r\nPOWERED DOWN\r\n");
}
