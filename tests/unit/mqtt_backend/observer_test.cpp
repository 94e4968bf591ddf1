// The names under which onlookers meet the timers of a client.
#include "mqtt_backend/observer.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace mqtt_backend;

TEST_CASE("each timer of a client has its name") {
  std::vector<std::string> names;
  for (const auto timer : {TimerName::t1, TimerName::t2, TimerName::qmtping, TimerName::open,
                           TimerName::negotiation, TimerName::disconnect, TimerName::close})
    names.emplace_back(name_of(timer));
  CHECK(names == std::vector<std::string>{"T1", "T2", "qmtping", "open", "negotiation",
                                          "disconnect", "close"});
}
