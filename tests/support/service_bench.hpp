// A module that has started, one host at its first port and the far ends of its connections, in
// virtual time: what tests of the data services have in common. Owned by a test case.
#pragma once

#include "tests/support/world.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace support {

struct ServiceBench {
  /// Types `first`, and forgets what is said until then.
  explicit ServiceBench(const std::string& first, const emulator::Modem::Settings& settings = {})
      : world(settings) {
    world.modem.power_on();
    world.settle();
    type(first);
    said();
  }

  void type(const std::string& bytes) {
    world.terminals[0]->receive(bytes);
    world.settle();
  }
  /// What the module has said since it was asked last.
  std::string said() {
    world.settle();
    return std::exchange(world.ports[0].unread, {});
  }
  void pass(at::Duration time) { world.timeline.run_until(world.timeline.now() + time); }
  /// Connection `number` is established.
  void open(std::size_t number) {
    world.transport.events(number)->opened({"10.0.0.1", 1025});
    world.settle();
  }
  /// The peer's bytes.
  void arrive(std::size_t number, const std::string& bytes) {
    world.transport.events(number)->arrived({bytes});
    world.settle();
  }

  World world;
};

}  // namespace support
