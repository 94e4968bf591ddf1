#include "pty/byte_stream.hpp"

#include "tests/unit/pty/host.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include <catch2/catch.hpp>

using namespace pty;
using namespace pty_test;

namespace {

struct Pipe {
  boost::asio::io_context io;
  std::array<int, 2> ends = make();
  Host reader{ends[0]};
  ByteStream stream{io};

  Pipe() { REQUIRE_FALSE(stream.attach(ends[1])); }
  static std::array<int, 2> make() {
    std::array<int, 2> made{};
    REQUIRE(::pipe2(made.data(), O_CLOEXEC | O_NONBLOCK) == 0);
    return made;
  }
};

}  // namespace

TEST_CASE("what the kernel takes is sent at once") {
  Pipe pipe;
  pipe.stream.write("OK");
  CHECK(pipe.stream.queued() == 0);
  CHECK(pipe.reader.hear() == "OK");
}

TEST_CASE("a unit past the queue limit is dropped whole, order is kept", "[real]") {
  Pipe pipe;
  const std::string megabyte(1024 * 1024, 'x');
  for (std::size_t i = 0; i < 20; ++i) pipe.stream.write(megabyte);
  CHECK(pipe.stream.queued() <= ByteStream::queue_limit);
  CHECK(pipe.stream.queued() > ByteStream::queue_limit - megabyte.size());
  const std::size_t before = pipe.stream.queued();
  pipe.stream.write(megabyte);
  CHECK(pipe.stream.queued() == before);
  pipe.stream.write("end");
  REQUIRE(run_until(pipe.io, [&] {
    pipe.reader.hear();
    return pipe.stream.queued() == 0;
  }));
  const std::string& heard = pipe.reader.hear();
  CHECK(heard.size() % megabyte.size() == 3);
  CHECK(heard.substr(heard.size() - 4) == "xend");
}

TEST_CASE("a reader that left costs its bytes, not the process") {
  Pipe pipe;
  pipe.reader.leave();
  pipe.stream.write("lost");
  CHECK(pipe.stream.queued() == 0);
}

TEST_CASE("no event comes after close, even from inside an event") {
  boost::asio::io_context io;
  const auto ends = Pipe::make();
  Host writer(ends[1]);
  ByteStream stream(io);
  REQUIRE_FALSE(stream.attach(ends[0]));
  int events = 0;
  stream.read({[&](std::string_view) {
                 ++events;
                 stream.close();
               },
               [&](boost::system::error_code) { ++events; }});
  REQUIRE(writer.say("AT"));
  writer.leave();
  REQUIRE(run_until(io, [&] { return events > 0; }));
  io.poll();
  CHECK(events == 1);
}
