// The firmware that was updated to, as flash has it: it is what the module has only if flash has
// all of it, for the revision that the factory gave this module.
#include "tests/support/session.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

TEST_CASE("an update that flash does not have whole, or of another module, is none") {
  emulator::Modem::Settings settings;
  auto& identity = settings.device.identity;
  identity.model = "EG916Q";
  identity.revision = "R01";
  const auto revision = [&](const std::string& stored) {
    support::Session session(settings);
    session.flash.settings["fota/firmware"] = stored;
    session.start();
    const auto said = session.say("AT+CGMR");
    return said.substr(2, said.find("\r\n", 2) - 2);
  };
  CHECK(revision("EG916Q\nR01\nR02\nbuild") == "R02");
  for (const auto* stored : {"", "EG916Q\nR01\n", "EG916Q\nR01\nR02", "EG916Q\nR01\n\nbuild",
                             "EG916Q\nR00\nR02\nbuild", "EG915Q\nR01\nR02\nbuild"}) {
    CAPTURE(stored);
    CHECK(revision(stored) == "R01");
  }
}
