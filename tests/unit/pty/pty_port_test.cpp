#include "pty/pty_port.hpp"

#include "pty/byte_stream.hpp"
#include "pty/device_link.hpp"
#include "tests/unit/pty/host.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

using namespace pty;
using namespace pty_test;

namespace {

struct Bench {
  boost::asio::io_context io;
  TemporaryDirectory directory;
  PtyPort port{io, directory.file("modem")};
  Record record;

  Bench() {
    REQUIRE(port.open() == std::nullopt);
    port.start(record.events());
  }
  bool told(const std::string& all) {
    return run_until(io, [&] { return record.all == all; });
  }
  bool heard(Host& host, const std::string& text) {
    return run_until(io, [&] { return host.hear() == text; });
  }
};

termios settings_of(int descriptor) {
  termios settings{};
  REQUIRE(::tcgetattr(descriptor, &settings) == 0);
  return settings;
}

}  // namespace

TEST_CASE("a host opens the link, talks both ways and leaves") {
  Bench bench;
  CHECK(std::filesystem::read_symlink(bench.port.address()) == bench.port.device());
  Host host(bench.port.address());
  REQUIRE(bench.told("+"));
  REQUIRE(host.say("AT\r"));
  REQUIRE(bench.told("+AT\r"));
  bench.port.write("\r\nOK\r\n");
  CHECK(bench.heard(host, "\r\nOK\r\n"));
  host.leave();
  CHECK(bench.told("+AT\r-"));
}

TEST_CASE("bytes of a host that opens, writes and closes at once are processed") {
  Bench bench;
  for (int i = 0; i < 3; ++i) {
    Host host(bench.port.address(), O_WRONLY);
    REQUIRE(host.say("AT\r"));
    host.leave();
    bench.record.all.clear();
    REQUIRE(bench.told("+AT\r-"));
  }
}

TEST_CASE("hosts that take turns without a pause lose no bytes") {
  Bench bench;
  for (int i = 0; i < 20; ++i) {
    Host host(bench.port.address(), O_WRONLY);
    REQUIRE(host.say("AT\r"));
  }
  REQUIRE(run_until(bench.io, [&] { return bench.record.bytes.size() == 60; }));
  CHECK(run_until(bench.io, [&] { return bench.record.all.back() == '-'; }));
}

TEST_CASE("what a host never read is not seen by the next one") {
  Bench bench;
  Host first(bench.port.address());
  REQUIRE(bench.told("+"));
  bench.port.write("old");
  SECTION("after a pause") {
    first.leave();
    REQUIRE(bench.told("+-"));
    Host second(bench.port.address());
    REQUIRE(bench.told("+-+"));
    bench.port.write("new");
    CHECK(bench.heard(second, "new"));
  }
  SECTION("at once") {
    first.leave();
    Host second(bench.port.address());
    REQUIRE(second.say("AT\r"));
    REQUIRE(bench.told("+-+AT\r"));
    bench.port.write("new");
    CHECK(bench.heard(second, "new"));
  }
}

TEST_CASE("what is written while no host has the port open is lost") {
  Bench bench;
  bench.port.write("RDY");
  Host host(bench.port.address());
  REQUIRE(bench.told("+"));
  bench.port.write("after");
  CHECK(bench.heard(host, "after"));
}

TEST_CASE("the port is closed when the last of several hosts leaves") {
  Bench bench;
  // Opened without a pause, the two make one inotify event.
  Host first(bench.port.address());
  Host second(bench.port.address());
  REQUIRE(bench.told("+"));
  first.leave();
  REQUIRE(second.say("A"));
  REQUIRE(bench.told("+A"));
  bench.port.write("B");
  CHECK(bench.heard(second, "B"));
  second.leave();
  CHECK(bench.told("+A-"));
}

TEST_CASE("the line is raw, and raw again after a host that changed it") {
  Bench bench;
  Host first(bench.port.address());
  termios settings = settings_of(first.descriptor());
  CHECK((settings.c_lflag & static_cast<tcflag_t>(ECHO | ICANON | ISIG)) == 0);
  REQUIRE(bench.told("+"));
  settings.c_lflag |= static_cast<tcflag_t>(ECHO | ICANON);
  REQUIRE(::tcsetattr(first.descriptor(), TCSANOW, &settings) == 0);
  CHECK(bench.told("+"));
  CHECK((settings_of(first.descriptor()).c_lflag & static_cast<tcflag_t>(ECHO)) != 0);
  first.leave();
  REQUIRE(bench.told("+-"));
  Host second(bench.port.address());
  CHECK((settings_of(second.descriptor()).c_lflag & static_cast<tcflag_t>(ECHO | ICANON)) == 0);
}

TEST_CASE("a host's exclusive mode ends with it") {
  const bool root = ::geteuid() == 0;
  Bench bench;
  Host first(bench.port.address());
  REQUIRE(bench.told("+"));
  REQUIRE(::ioctl(first.descriptor(), TIOCEXCL) == 0);
  // Root may open it all the same; as another user the terminal has to be replaced.
  constexpr uid_t nobody = 65534;
  if (root) {
    REQUIRE(::chown(bench.directory.file("").c_str(), nobody, nobody) == 0);
    REQUIRE(::seteuid(nobody) == 0);
  }
  first.leave();
  const bool closed = bench.told("+-");
  if (root) REQUIRE(::seteuid(0) == 0);
  REQUIRE(closed);
  Host second(bench.port.address());
  REQUIRE(second.say("AT\r"));
  CHECK(bench.told("+-+AT\r"));
  int exclusive = 1;
  REQUIRE(::ioctl(second.descriptor(), TIOCGEXCL, &exclusive) == 0);
  CHECK(exclusive == 0);
}

TEST_CASE("a terminal that can neither be opened again nor replaced is told of") {
  Bench bench;
  Host first(bench.port.address());
  REQUIRE(bench.told("+"));
  REQUIRE(::ioctl(first.descriptor(), TIOCEXCL) == 0);
  const bool root = ::geteuid() == 0;
  constexpr uid_t nobody = 65534;
  REQUIRE(::chmod(bench.directory.file("").c_str(), 0500) == 0);
  if (root) REQUIRE(::seteuid(nobody) == 0);
  first.leave();
  const bool told = bench.told("+-F");
  if (root) REQUIRE(::seteuid(0) == 0);
  CHECK(told);
  CHECK_THAT(bench.record.failure, Catch::Contains("cannot"));
  CHECK(bench.port.kind() == "pty");
}

TEST_CASE("a long unit reaches a slow host whole and in order") {
  Bench bench;
  Host host(bench.port.address());
  REQUIRE(bench.told("+"));
  std::string sent;
  for (int i = 0; sent.size() < 300'000; ++i) sent += std::to_string(i) + ' ';
  bench.port.write(sent);
  bench.port.write("end");
  CHECK(run_until(bench.io, [&] { return host.hear().size() == sent.size() + 3; }));
  CHECK(host.heard == sent + "end");
}

TEST_CASE("a link that lives is never overwritten, one left behind is replaced") {
  boost::asio::io_context io;
  TemporaryDirectory directory;
  const std::string link = directory.file("modem");
  PtyPort port(io, link);
  SECTION("regular file") {
    std::ofstream(link) << "mine";
    CHECK_THAT(port.open().value_or(""), Catch::Contains("exists already"));
    port.stop();
    CHECK(std::filesystem::file_size(link) == 4);
  }
  SECTION("another port's link") {
    PtyPort other(io, link);
    REQUIRE(other.open() == std::nullopt);
    CHECK_THAT(port.open().value_or(""), Catch::Contains("exists already"));
    port.stop();
    CHECK(std::filesystem::is_symlink(link));
  }
  SECTION("a dead terminal's link") {
    std::filesystem::create_symlink("/dev/pts/999999", link);
    CHECK(port.open() == std::nullopt);
    CHECK(std::filesystem::read_symlink(link) == port.device());
  }
  SECTION("no such directory") {
    PtyPort lost(io, directory.file("none/modem"));
    CHECK_THAT(lost.open().value_or(""),
               Catch::Contains("cannot make the link") && Catch::EndsWith("--port pty:LINK"));
  }
}

TEST_CASE("a name of one's own passes over what a dead process of this number has left") {
  const auto first = unique_link_path();
  const auto dash = first.rfind('-') + 1;
  const auto number = std::stoi(first.substr(dash));
  const auto left = first.substr(0, dash) + std::to_string(number + 1);
  // It leads to a terminal that is there: another program's, by now.
  std::filesystem::create_symlink("/dev/null", left);
  CHECK(unique_link_path() == first.substr(0, dash) + std::to_string(number + 2));
  CHECK(std::filesystem::read_symlink(left) == "/dev/null");
  std::filesystem::remove(left);
}

TEST_CASE("stop removes the link only while it is ours") {
  boost::asio::io_context io;
  TemporaryDirectory directory;
  const std::string link = directory.file("modem");
  PtyPort port(io, link);
  REQUIRE(port.open() == std::nullopt);
  SECTION("ours") {
    port.stop();
    CHECK_FALSE(std::filesystem::is_symlink(link));
  }
  SECTION("somebody else's by now") {
    std::filesystem::remove(link);
    std::filesystem::create_symlink("/dev/null", link);
    port.stop();
    CHECK(std::filesystem::read_symlink(link) == "/dev/null");
  }
}

TEST_CASE("ports without a given link have different ones") {
  boost::asio::io_context io;
  PtyPort one(io, std::nullopt);
  PtyPort two(io, std::nullopt);
  REQUIRE(one.open() == std::nullopt);
  REQUIRE(two.open() == std::nullopt);
  CHECK(one.address() != two.address());
}
