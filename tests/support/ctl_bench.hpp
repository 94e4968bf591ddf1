// `eg91xq ctl` against a real modem of its own, and what is looked for in its answers.
#pragma once

#include "tests/support/control_client.hpp"
#include "tests/support/emulator_process.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace support {

using Catch::Contains;
using Catch::StartsWith;
using nlohmann::json;

inline EmulatorProcess::Options with_control(EmulatorProcess::Options more = {"--control", "0"}) {
  more.insert(more.end(), {"--demo-broker", "off"});
  return more;
}

/// The only modem of its runtime directory, so that ctl finds it.
struct OnlyModem {
  OnlyModem() : session(with_control()) {}

  OwnRuntimeDirectory runtime;
  Session session;
};

inline void refused(const Ran& ran, const std::string& why) {
  CAPTURE(ran.err);
  CHECK(ran.code == 2);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, StartsWith("eg91xq ctl: ") && Contains(why));
  CHECK(ran.err.find('\n') == ran.err.size() - 1);
}

inline void done(const Ran& ran, const std::string& out) {
  CAPTURE(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.out == out);
}

inline json as_json(const Ran& ran) {
  CHECK(ran.code == 0);
  return json::parse(ran.out);
}

}  // namespace support
