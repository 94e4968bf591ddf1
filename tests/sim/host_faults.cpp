// What the faults that strike excuse: of each as little as there is.
#include "conformance/transcript/escape.hpp"
#include "tests/sim/host.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace sim {

void Host::struck(const emulator::faults::Fault& fault) {
  const auto type = fault.type().name;
  if (type == "cme" || type == "result") {
    instead_.push_back({world_.line.said(), fault.text("text")});
  } else if (type == "reset" || type == "brownout") {
    restarted();
    struck_down_ = world_.timeline.now();
  } else if (type == "pdp-deactivate") {
    contexts_lost_ = true;
  } else if (type == "registration") {
    network_lost_until_ = std::max(network_lost_until_,
                                   world_.timeline.now() + std::chrono::seconds(fault.number("s")));
  }
}

/// The one answer that a fault has given: it must be that one.
bool Host::read_instead() {
  const auto text = instead_.front().text;
  const bool failed = text.empty() && is_failure();
  if (failed)
    at_ += rest().find("\r\n", 2) + 2;
  else if (text.empty() || !take(fmt::format("\r\n{}\r\n", text)))
    throw Violation("a fault should have answered, but there is " + transcript::escaped(rest()));
  instead_.pop_front();
  finish(false);
  return true;
}

}  // namespace sim
