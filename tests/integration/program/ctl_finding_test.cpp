// How `eg91xq ctl` finds its modem, and what it says when it does not.
#include "tests/support/ctl_bench.hpp"
#include "tests/support/places.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

TEST_CASE("ctl finds the only modem, and says when there is none or several [CTL-19]") {
  OwnRuntimeDirectory runtime;
  refused(ctl({"state"}), "no modem with --control is running");
  EmulatorProcess first(with_control());
  EmulatorProcess without({"--demo-broker", "off"});
  done(ctl({"health"}), "ready\n");
  {
    EmulatorProcess second(with_control());
    refused(ctl({"state"}), "2 modems are running");
    const auto listed = ctl({"state"}).err;
    for (const auto* modem : {&first, &second})
      CHECK_THAT(listed, Contains(fmt::format("{} (pid {})",
                                              modem->ready().at("control").get<std::string>(),
                                              modem->pid())));
    done(ctl({"health", "--ready-file", second.ready_file()}), "ready\n");
    done(ctl({"health", "--at", first.ready().at("control")}), "ready\n");
    done(ctl({"health"}, {{"MODEM_CONTROL", first.ready().at("control")}}), "ready\n");
    refused(ctl({"health", "--ready-file", without.ready_file()}), "without --control");
    refused(ctl({"health", "--ready-file", second.ready_file(), "--at", "unix:/x"}), "--at");
  }
  done(ctl({"health"}), "ready\n");
}

TEST_CASE("a modem that was killed is not found any more, its registration goes [CTL-19]") {
  OwnRuntimeDirectory runtime;
  const auto place = runtime.path() + "eg91xq";
  {
    EmulatorProcess killed(with_control());
    struct stat found {};
    REQUIRE(::stat(place.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777U) == 0700);
    killed.kill();
    CHECK(!std::filesystem::is_empty(place));
  }
  refused(ctl({"health"}), "no modem");
  CHECK(std::filesystem::is_empty(place));
  EmulatorProcess ended(with_control());
  CHECK(ended.program().terminate() == 0);
  CHECK(std::filesystem::is_empty(place));
}

TEST_CASE("a directory that others may write to registers nobody [CTL-19]") {
  OwnRuntimeDirectory runtime;
  const auto place = runtime.path() + "eg91xq";
  std::filesystem::create_directory(place);
  std::filesystem::permissions(place, std::filesystem::perms::all);
  EmulatorProcess modem(with_control());
  CHECK(modem.program().wait_for_err("no directory of this user alone"));
  CHECK(std::filesystem::is_empty(place));
  std::ofstream(place + fmt::format("/{}.json", modem.pid()))
      << json{{"control", modem.ready().at("control")}};
  refused(ctl({"health"}), "no modem");
}

TEST_CASE("the command behind -- talks to its modem [CTL-19]") {
  OwnRuntimeDirectory runtime;
  EmulatorProcess other(with_control());
  Program with_command(
      {binary(), "--demo-broker", "off", "--control", "0", "--", binary(), "ctl", "health"});
  CHECK(with_command.end() == 0);
  CHECK(with_command.out() == "ready\n");
}

TEST_CASE("a token and a local socket [CTL-19]") {
  OwnRuntimeDirectory runtime;
  ScratchDirectory scratch;
  std::ofstream(scratch.file("token")) << "s3cret\n";
  std::ofstream(scratch.file("wrong")) << "guess\n";
  std::ofstream(scratch.file("empty")) << "\n";
  EmulatorProcess modem(with_control(
      {"--control", "unix:" + scratch.file("socket"), "--control-token", scratch.file("token")}));
  refused(ctl({"health"}), "Authorization");
  done(ctl({"health", "--token", scratch.file("token")}), "ready\n");
  done(ctl({"health"}, {{"MODEM_CONTROL_TOKEN", scratch.file("token")}}), "ready\n");
  done(ctl({"health", "--at", "unix:" + scratch.file("socket"), "--token", scratch.file("token")}),
       "ready\n");
  refused(ctl({"health", "--token", scratch.file("wrong")}), "token");
  refused(ctl({"health", "--token", scratch.file("empty")}), "first line");
  refused(ctl({"health", "--token", scratch.file("none")}), "first line");
}

TEST_CASE("what is not there, or is no modem, is one line and exit code 2 [CTL-19]") {
  OwnRuntimeDirectory runtime;
  ScratchDirectory scratch;
  refused(ctl({"health", "--at", "http://127.0.0.1:1"}), "Connection refused");
  refused(ctl({"health", "--at", "unix:" + scratch.file("none")}), "No such file");
  refused(ctl({"health", "--at", "http://no.such.name.invalid:80"}), "no.such.name.invalid");
  for (const auto* address : {"nowhere", "http://", "http://5000", "https://127.0.0.1:1", "unix:"})
    refused(ctl({"health", "--at", address}), "give it as");
  refused(ctl({"health"}, {{"MODEM_CONTROL", "nowhere"}}), "MODEM_CONTROL nowhere: give it as");
  refused(ctl({"health", "--ready-file", scratch.file("none")}),
          "cannot be read: No such file or directory");
  refused(ctl({"health", "--ready-file", scratch.file("")}), "cannot be read: ");
  std::ofstream(scratch.file("text")) << "ready";
  refused(ctl({"health", "--ready-file", scratch.file("text")}), "no ready file");
}

TEST_CASE("a server that says nothing is told of, then given up [CTL-19]") {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::listen(listener, 1) == 0);
  REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  Program waiting(
      ctl_words({"health", "--at", fmt::format("http://127.0.0.1:{}", ntohs(address.sin_port))}));
  CHECK(waiting.wait_for_err("waiting for http://127.0.0.1:", std::chrono::seconds(2)));
  CHECK(waiting.end(std::chrono::seconds(20)) == 2);
  CHECK_THAT(waiting.err(), Contains("does not answer"));
  ::close(listener);
}
