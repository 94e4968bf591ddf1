// `eg91xq doctor`: what this machine lacks, and what to do.
#include "tests/support/ctl_bench.hpp"
#include "tests/support/places.hpp"
#include "tests/support/skip.hpp"

#include <fstream>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using Catch::Contains;
using Catch::EndsWith;

namespace {

struct Visit {
  int code;
  std::string said;
};

Visit doctor(const std::vector<std::string>& options, const std::string& environment = {}) {
  std::vector<std::string> words{"env"};
  if (!environment.empty()) words.push_back(environment);
  words.insert(words.end(), {binary(), "doctor"});
  words.insert(words.end(), options.begin(), options.end());
  Program program(words);
  const auto code = program.end();
  return {code.value_or(-1), program.out() + program.err()};
}

}  // namespace

TEST_CASE("a machine that has everything has nothing to fix") {
  const auto [code, said] = doctor({"--port", "tcp:0", "--port", "pty"});
  INFO(said);
  CHECK(code == 0);
  CHECK_THAT(said, EndsWith("\nnothing to fix\n"));
  CHECK_THAT(said, Contains("ok   ports: 1 can be opened\n"));
  CHECK_THAT(said, Contains("ok   pseudo-terminals: "));
}

TEST_CASE("what is missing is said with what to do") {
  ScratchDirectory scratch;
  boost::asio::io_context io;
  const boost::asio::ip::tcp::acceptor taken(io, {boost::asio::ip::address_v4::loopback(), 0});
  const auto port = std::to_string(taken.local_endpoint().port());
  const auto link = scratch.file("none/modem");
  const auto [code, said] = doctor(
      {"--port", "tcp:" + port, "--port", "serial:/dev/none", "--demo-broker", "/none/mosquitto",
       "--control", port, "--state-dir", "/dev/null/x", "--journal", scratch.file("none/journal")});
  INFO(said);
  CHECK(code == 1);
  CHECK_THAT(said, Contains("fix  port tcp:" + port + ": cannot listen on 127.0.0.1:" + port +
                            ": Address already in use; choose another port, or 0 for any"));
  CHECK_THAT(said,
             Contains("fix  port serial:/dev/none: No such file or directory; is it plugged"));
  CHECK_THAT(
      said,
      Contains("fix  demo broker: cannot run '/none/mosquitto': not found, or not executable\n"));
  CHECK_THAT(said, Contains("fix  --control 127.0.0.1:" + port +
                            ": Address already in use; choose another port, or 0 for any"));
  CHECK_THAT(said, Contains("fix  --state-dir: nothing can be written to /dev/null: "));
  CHECK_THAT(said, Contains("/none/journal: nothing can be written to "));
  CHECK_THAT(said, EndsWith("\n6 to fix\n"));
}

TEST_CASE("a mosquitto that does not work, and a place for its files") {
  const auto broken = doctor({"--port", "tcp:0", "--demo-broker", "/bin/false"});
  CHECK(broken.code == 1);
  CHECK_THAT(broken.said, Contains("fix  demo broker: /bin/false ends at once with code 1\n"));
  // An empty name is none, and where nothing can be written another place is taken.
  for (const auto* place : {"TMPDIR=", "TMPDIR=/none"})
    CHECK(doctor({"--port", "tcp:0"}, place).code == 0);
}

TEST_CASE("what the program would refuse, the doctor refuses") {
  const auto twice = doctor({"--port", "stdio", "--port", "stdio"});
  CHECK(twice.code == 2);
  CHECK(twice.said == "eg91xq: --port: stdio can be given once\n");
  CHECK(doctor({"--port", "foo:1"}).code == 2);
  ScratchDirectory scratch;
  const auto link = "pty:" + scratch.file("modem");
  const auto same = doctor({"--port", link, "--port", link});
  CHECK(same.code == 1);
  CHECK_THAT(same.said, Contains("exists already; choose another name"));
  CHECK_THAT(doctor({"--port", "serial:" + scratch.file("")}).said,
             Contains("it is no serial device"));
  CHECK_THAT(doctor({"--state-dir", "/proc/x"}).said, Contains("nothing can be written to /proc"));
  const auto none = scratch.file("none.json");
  CHECK(doctor({"--faults", none}).said ==
        "eg91xq: --faults " + none + ": cannot be read: No such file or directory\n");
}

TEST_CASE("the control interface is tried as the program would serve it") {
  ScratchDirectory scratch;
  const auto path = scratch.file("none/control");
  const auto [code, said] = doctor({"--port", "tcp:0", "--control", "unix:" + path});
  CHECK(code == 1);
  CHECK_THAT(said, Contains("fix  --control unix:" + path + ": No such file or directory\n"));
  CHECK_THAT(doctor({"--port", "tcp:0", "--control", "0.0.0.0:0"}).said,
             Contains("fix  --control 0.0.0.0:0: other machines could reach it; that needs "
                      "--control-token\n"));
  const auto good = doctor({"--port", "tcp:0", "--control", "unix:" + scratch.file("control")});
  CHECK(good.code == 0);
  CHECK_THAT(good.said, Contains("ok   --control: unix:" + scratch.file("control") + " is free\n"));
}

TEST_CASE("data calls are looked at when they are asked for") {
  CHECK_THAT(doctor({"--port", "tcp:0"}).said, !Contains("data calls"));
  CHECK_THAT(doctor({"--ppp", "--port", "tcp:0"}).said, Contains("data calls: "));
}

TEST_CASE("a loopback that is down is found, though it can be listened on") {
  Program asked({"unshare", "--net", binary(), "doctor", "--port", "tcp:0"});
  const auto code = asked.end();
  if (asked.out().empty()) return go_without("no network namespace may be made");
  CHECK(code == 1);
  CHECK_THAT(asked.out(), Contains("fix  loopback: Network is unreachable; "));
}

TEST_CASE("pseudo-terminals that are tried count as free") {
  const auto number_in = [](const char* file) {
    std::ifstream in(file);
    long number = 0;
    in >> number;
    return number;
  };
  constexpr long tried = 300;
  constexpr long of_others = 150;  // come and go meanwhile
  const auto [code, said] = doctor({"--count", std::to_string(tried), "--port", "pty"});
  INFO(said);
  const auto free = number_in("/proc/sys/kernel/pty/max") - number_in("/proc/sys/kernel/pty/nr");
  const std::string before = "ok   pseudo-terminals: ";
  REQUIRE_THAT(said, Contains(before));
  CHECK(std::stol(said.substr(said.find(before) + before.size())) > free - of_others);
}

TEST_CASE("more modems than descriptors or pseudo-terminals") {
  const auto [code, said] = doctor({"--count", "10000", "--port", "pty"});
  INFO(said);
  CHECK(code == 1);
  CHECK_THAT(said, Contains("fix  pseudo-terminals: ") || Contains("fix  descriptors: "));
}

TEST_CASE("the doctor takes the program's options, and no others") {
  const auto wrong = doctor({"--prot", "pty"});
  CHECK(wrong.code == 2);
  CHECK(wrong.said == "eg91xq: --prot: unknown option; did you mean --port?\n");
  const auto help = doctor({"--help"});
  CHECK(help.code == 0);
  CHECK_THAT(help.said, Contains("Exit code: 0 nothing to fix, 1 something, 2 bad options."));
}
