// A link of the suite's broker to a unit that is slow to read.
#include "conformance/run/broker.hpp"

#include <catch2/catch.hpp>

using namespace conformance;
using boost::asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 10s;
// More than the system keeps for a socket.
constexpr std::size_t much = 7 * 1024 * 1024;

struct SlowUnit {
  SlowUnit() : socket(loop.io()) {
    socket.connect({boost::asio::ip::make_address("127.0.0.1"), broker.port()});
    REQUIRE(loop.wait(patience, [&] { return !broker.waiting.empty(); }));
    link = broker.waiting.front();
    read();
  }

  void read() {
    socket.async_read_some(boost::asio::buffer(buffer),
                           [this](boost::system::error_code error, std::size_t size) {
                             ended = ended || error;
                             got.append(buffer.data(), size);
                             if (!error) read();
                           });
  }

  Loop loop;
  Broker broker{loop, "127.0.0.1"};
  tcp::socket socket;
  std::shared_ptr<Link> link;
  std::vector<char> buffer = std::vector<char>(65536);
  std::string got;
  bool ended = false;
};

}  // namespace

TEST_CASE("what the broker says comes whole and in its order, and FIN behind it") {
  SlowUnit unit;
  const std::string first(much, 'a');
  const std::string second(much, 'b');
  unit.link->write(first);
  unit.link->write(second);
  unit.link->write("c");
  unit.link->finish();
  REQUIRE(unit.loop.wait(patience, [&] { return unit.ended; }));
  REQUIRE(unit.got.size() == 2 * much + 1);
  CHECK((unit.got == first + second + "c"));
}

TEST_CASE("no more than so many bytes wait for a unit that does not read") {
  SlowUnit unit;
  unit.link->write(std::string(Link::max_outgoing, 'a'));
  CHECK_THROWS_WITH(unit.link->write("b"), Catch::Contains("does not take"));
  REQUIRE(unit.loop.wait(patience, [&] { return unit.got.size() == Link::max_outgoing; }));
  unit.link->write("b");
  CHECK(unit.loop.wait(patience, [&] { return unit.got.size() == Link::max_outgoing + 1; }));
}

TEST_CASE("a reset does not wait for what was to be said") {
  SlowUnit unit;
  unit.link->write(std::string(much, 'a'));
  unit.link->reset();
  CHECK(unit.loop.wait(patience, [&] { return unit.ended; }));
  CHECK(unit.got.size() < much);
  unit.link->write("b");
}
