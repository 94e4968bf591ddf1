#include "emulator/trace.hpp"

#include "tests/unit/pty/host.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <fstream>

#include <catch2/catch.hpp>

using namespace emulator;
using pty_test::TemporaryDirectory;

namespace {

std::string shape_of(std::string line) {
  const auto digit = [](unsigned char byte) { return std::isdigit(byte) != 0; };
  std::replace_if(line.begin(), line.end(), digit, '0');
  return line;
}

}  // namespace

TEST_CASE("bytes are quoted readably") {
  using namespace std::string_view_literals;
  CHECK(quoted("AT\r\n") == R"("AT\r\n")");
  CHECK(quoted("a\"b\\\x1A\0\xFF"sv) == R"("a\"b\\\x1A\x00\xFF")");
  CHECK(quoted("") == R"("")");
}

TEST_CASE("a trace is one line a chunk, after what was there") {
  TemporaryDirectory directory;
  const std::string path = directory.file("trace");
  std::ofstream(path) << "before\n";
  Trace trace;
  REQUIRE(trace.open(path) == std::nullopt);
  trace.record("main", Trace::Direction::from_host, "AT\r");
  trace.record("main", Trace::Direction::to_host, "OK");
  trace.flush();
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  CHECK(line == "before");
  std::getline(file, line);
  CHECK(shape_of(line) == R"(0000-00-00T00:00:00.000Z main > "AT\r")");
  std::getline(file, line);
  CHECK_THAT(line, Catch::EndsWith(R"( main < "OK")"));
}

TEST_CASE("a trace that cannot be opened is an error text") {
  Trace trace;
  CHECK_THAT(trace.open("/nowhere/trace").value_or(""),
             Catch::Contains("cannot write the trace to /nowhere/trace"));
  trace.record("main", Trace::Direction::to_host, "OK");
}

TEST_CASE("a full disk ends the trace, not the program") {
  Trace trace;
  REQUIRE(trace.open("/dev/full") == std::nullopt);
  trace.record("main", Trace::Direction::to_host, "OK");
  trace.flush();
  CHECK_FALSE(trace.active());
  trace.record("main", Trace::Direction::to_host, "OK");
}

TEST_CASE("a FIFO that nobody reads does not hold up the trace") {
  TemporaryDirectory directory;
  const std::string path = directory.file("fifo");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  Trace early;
  CHECK_THAT(early.open(path).value_or(""), Catch::Contains("cannot write the trace to " + path));
  const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  Trace trace;
  REQUIRE(trace.open(path) == std::nullopt);
  const std::string chunk(1000, 'x');
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) trace.record("main", Trace::Direction::to_host, chunk);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
  CHECK(trace.active());
  ::close(reader);
  trace.flush();
  CHECK_FALSE(trace.active());
}
