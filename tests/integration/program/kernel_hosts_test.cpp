// Hosts that are part of a kernel: they need what not every machine has, and root. What is lacking
// is named.
#include "tests/support/emulator_process.hpp"
#include "tests/support/ended.hpp"
#include "tests/support/skip.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>

#include <catch2/catch.hpp>

using namespace support;

namespace {

bool cannot_be(bool lacking, const std::string& what) {
  if (lacking) go_without(what);
  return lacking;
}

bool has_line_discipline(const std::string& name) {
  return contents("/proc/tty/ldiscs").find(name) != std::string::npos;
}

}  // namespace

TEST_CASE("pppd dials and reaches this machine through the call [PPP-2]") {
  if (cannot_be(!std::filesystem::exists("/dev/ppp"), "this kernel has no /dev/ppp") ||
      cannot_be(::geteuid() != 0, "it takes root"))
    return;
  for (const auto* tool : {"pppd", "chat", "ping"})
    if (lacks(tool)) return;
  EmulatorProcess emulator;
  Program pppd({"pppd", emulator.port(), "115200", "nodetach", "noauth", "local", "nocrtscts",
                "noipdefault", "nodefaultroute", "user", "anybody", "password", "anything", "unit",
                "91", "connect", "chat -t 10 '' AT OK ATD*99# CONNECT \\c"});
  REQUIRE(pppd.wait_for_out("local  IP address 10.64.12.3"));
  CHECK(run({"ping", "-c", "1", "-W", "5", "-I", "ppp91", "10.64.12.2"}).code == 0);
  pppd.signal(SIGTERM);
  CHECK(pppd.end().has_value());
  SerialHost host(emulator.port());
  host.send("AT\r");
  host.read_until("\r\nOK\r\n");
}

TEST_CASE("n_gsm of Linux has a terminal on each DLCI [MUX-26]") {
  if (cannot_be(!has_line_discipline("n_gsm"), "this kernel is built without n_gsm") ||
      cannot_be(::geteuid() != 0, "it takes root"))
    return;
  if (lacks("ldattach")) return;
  Session session;
  session.host.command("AT+CMUX=0");
  const int devices = ::inotify_init1(IN_CLOEXEC);
  ::inotify_add_watch(devices, "/dev", IN_CREATE);
  Program attached({"ldattach", "-d", "GSM0710", session.emulator.port()});
  pollfd made{devices, POLLIN, 0};
  while (!std::filesystem::exists("/dev/gsmtty1") && ::poll(&made, 1, 5000) == 1) {
    std::array<char, 4096> events{};
    REQUIRE(::read(devices, events.data(), events.size()) > 0);
  }
  ::close(devices);
  for (const auto* dlci : {"/dev/gsmtty1", "/dev/gsmtty2"}) {
    SerialHost host(dlci);
    host.send("AT\r");
    host.read_until("\r\nOK\r\n");
  }
}
