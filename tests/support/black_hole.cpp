#include "tests/support/black_hole.hpp"

#include "tests/support/program.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <sched.h>

namespace support {
namespace {

// RFC 5737: for documentation, routed nowhere.
const std::string modem_address = "192.0.2.1";
const std::string mac_of_far = "02:00:00:00:00:02";

int own_space() { return ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC); }

/// A new namespace; -1 when this process may not have one. A thread keeps what it unshares, so
/// another one does it.
int new_space() {
  int space = -1;
  std::thread([&space] {
    if (::unshare(CLONE_NEWNET) == 0) space = own_space();
  }).join();
  return space;
}

void ip(const std::string& words) {
  std::vector<std::string> command{"ip"};
  for (std::size_t begin = 0; begin < words.size();) {
    const auto end = std::min(words.find(' ', begin), words.size());
    command.push_back(words.substr(begin, end - begin));
    begin = end + 1;
  }
  Program program(command);
  if (program.end() != 0) throw std::runtime_error("ip " + words + ": " + program.err());
}

}  // namespace

const std::string BlackHole::far_address = "192.0.2.2";
const std::string BlackHole::nobody = "192.0.2.3";

std::string BlackHole::why_not() {
  if (::geteuid() != 0) return "not root";
  if (installed("ip").empty()) return "no ip program (package iproute2)";
  try {
    const BlackHole probe;
  } catch (const std::exception& fault) {
    return fault.what();
  }
  return {};
}

BlackHole::BlackHole() : modem_(new_space()), far_(new_space()) {
  if (modem_ < 0 || far_ < 0) throw std::runtime_error("no network namespaces");
  at_modem([this] {
    ip("link set lo up");
    ip(fmt::format("link add near type veth peer name far netns /proc/{}/fd/{}", ::getpid(), far_));
    ip(fmt::format("addr add {}/24 dev near", modem_address));
    ip("link set near up");
    // Without these nobody at an address would be noticed by ARP.
    for (const auto& address : {far_address, nobody})
      ip(fmt::format("neigh add {} lladdr {} dev near nud permanent", address, mac_of_far));
  });
  at_far([] {
    ip(fmt::format("link set far address {}", mac_of_far));
    ip(fmt::format("addr add {}/24 dev far", far_address));
    ip("link set far up");
  });
}

BlackHole::~BlackHole() {
  ::close(modem_);
  if (far_ >= 0) ::close(far_);
}

void BlackHole::in(int space, const std::function<void()>& action) const {
  const int home = own_space();
  if (::setns(space, CLONE_NEWNET) != 0) throw std::runtime_error("cannot enter a namespace");
  std::exception_ptr failed;
  try {
    action();
  } catch (...) {
    failed = std::current_exception();
  }
  ::setns(home, CLONE_NEWNET);
  ::close(home);
  if (failed) std::rethrow_exception(failed);
}

void BlackHole::at_modem(const std::function<void()>& action) const { in(modem_, action); }
void BlackHole::at_far(const std::function<void()>& action) const { in(far_, action); }

// Packets for an address that it does not have are dropped by a system that routes nothing.
void BlackHole::swallow(bool on) const {
  at_far([on] { ip(fmt::format("addr {} {}/24 dev far", on ? "del" : "add", far_address)); });
}

void BlackHole::give_up_soon() const {
  at_modem([] { std::ofstream("/proc/sys/net/ipv4/tcp_retries2") << 1; });
}

}  // namespace support
