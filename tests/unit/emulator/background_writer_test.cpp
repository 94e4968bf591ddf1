// Text for a descriptor that nobody reads, or that takes nothing.
#include "emulator/background_writer.hpp"

#include "tests/unit/pty/host.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <sstream>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using emulator::BackgroundWriter;
using namespace std::chrono_literals;

namespace {

struct Pipe {
  Pipe() { REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0); }
  ~Pipe() { ::close(ends[0]); }  // the writer may still use the other end
  std::string read(std::string_view end) const {
    std::string text;
    std::array<char, 65536> buffer{};
    while (text.size() < end.size() ||
           text.compare(text.size() - end.size(), end.size(), end) != 0) {
      const auto size = ::read(ends[0], buffer.data(), buffer.size());
      if (size <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return text;
  }
  std::array<int, 2> ends{};
};

}  // namespace

TEST_CASE("what threads write arrives whole, each one's in order") {
  Pipe pipe;
  BackgroundWriter writer(pipe.ends[1]);
  std::vector<std::thread> threads;
  for (char name = 'a'; name <= 'd'; ++name)
    threads.emplace_back([&writer, name] {
      for (int i = 0; i < 100; ++i) writer.write(fmt::format("{}{}\n", name, i));
    });
  for (auto& thread : threads) thread.join();
  CHECK(writer.flush(10s));
  writer.write("end\n");
  const auto text = pipe.read("end\n");
  for (char name = 'a'; name <= 'd'; ++name) {
    std::size_t place = 0;
    for (int i = 0; i < 100; ++i) {
      place = text.find(fmt::format("{}{}\n", name, i), place);
      REQUIRE(place != std::string::npos);
    }
  }
  CHECK(writer.lost() == 0);
}

TEST_CASE("a reader that does not read costs the oldest lines, and is told so later") {
  Pipe pipe;
  BackgroundWriter writer(pipe.ends[1]);
  const std::string line = std::string(99, 'x') + '\n';
  constexpr std::uint64_t count = 20'000;  // 2 MB
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < count; ++i) writer.write(line);
  CHECK(std::chrono::steady_clock::now() - start < 2s);
  CHECK_FALSE(writer.flush(1ms));
  const auto lost = writer.lost();
  CHECK(lost > count / 2);
  writer.write("end\n");
  const auto text = pipe.read("end\n");
  CHECK(text.size() <= BackgroundWriter::queue_limit + 65536 + 1000);
  std::uint64_t told = 0;
  std::istringstream lines(text);
  for (std::string got; std::getline(lines, got);) {
    unsigned long long some = 0;
    const bool loss = std::sscanf(got.c_str(), "log: %llu lines lost", &some) == 1;
    if (loss) told += some;
    CHECK((loss || got == "end" || got + '\n' == line));
  }
  CHECK(told == writer.lost());
}

TEST_CASE("a descriptor that takes nothing is no trouble") {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  BackgroundWriter writer(full);
  for (int i = 0; i < 1000; ++i) writer.write("line\n");
  CHECK(writer.flush(10s));
  CHECK(writer.lost() >= 1000);
}
