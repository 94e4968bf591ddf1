// Packets over a connection that a test plays by hand: what is read of it, and what becomes of what
// is written.
#include "mqtt_backend/link/packet_stream.hpp"

#include "mqtt_backend/link/server_rules.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace mqtt_backend;
using boost::system::error_code;

namespace {

/// A connection whose bytes come and go when the test says so.
class PlayedStream : public net::Stream {
 public:
  explicit PlayedStream(boost::asio::io_context& io) : socket_(io) {}
  void read_some(boost::asio::mutable_buffer buffer, Done done) override {
    room_ = buffer;
    read_ = std::move(done);
  }
  void write(boost::asio::const_buffer buffer, Done done) override {
    const auto* const begin = static_cast<const std::uint8_t*>(buffer.data());
    writing.assign(begin, begin + buffer.size());
    written_ = std::move(done);
  }
  void shut_down() override {}
  boost::asio::ip::tcp::socket& socket() override { return socket_; }

  [[nodiscard]] bool is_read() const { return read_ != nullptr; }
  void arrive(const Packet& bytes) {
    REQUIRE(bytes.size() <= room_.size());
    std::copy(bytes.begin(), bytes.end(), static_cast<std::uint8_t*>(room_.data()));
    std::exchange(read_, nullptr)({}, bytes.size());
  }
  void takes(std::size_t size, error_code error = {}) {
    writing.clear();
    std::exchange(written_, nullptr)(error, size);
  }

  /// Who waits for something holds on to the stream.
  void let_go() {
    read_ = nullptr;
    written_ = nullptr;
  }

  Packet writing;

 private:
  boost::asio::ip::tcp::socket socket_;
  boost::asio::mutable_buffer room_{};
  Done read_;
  Done written_;
};

struct Bench {
  Bench() {
    auto made = std::make_unique<PlayedStream>(io);
    peer = made.get();
    stream = std::make_shared<PacketStream>(std::move(made), std::size_t{1} << 20U,
                                            PacketStream::Acks::normal, is_server_header);
    PacketStream::Events events;
    events.packet = [this](Packet packet) {
      packets.push_back(std::move(packet));
      if (holds_at_packet) stream->hold(true);
    };
    events.broken = [this](const std::string& fault) { said.push_back(fault); };
    events.written = [this](const Packet&, std::uint64_t tag) {
      said.push_back("written " + std::to_string(tag));
      if (closes_when_written) stream->close();
    };
    events.ended = [this](error_code, std::optional<PacketType> unsent) {
      said.push_back(unsent ? "ended before " + std::string(name_of(*unsent)) : "ended");
    };
    stream->start(std::move(events));
  }
  ~Bench() { peer->let_go(); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  void run() {
    io.poll();
    io.restart();
  }

  boost::asio::io_context io;
  PlayedStream* peer = nullptr;
  std::shared_ptr<PacketStream> stream;
  std::vector<Packet> packets;
  std::vector<std::string> said;
  bool closes_when_written = false;
  bool holds_at_packet = false;
};

using Lines = std::vector<std::string>;
const Packet pong{0xD0, 0};
const Packet ping{0xC0, 0};
const Packet disconnect{0xE0, 0};

}  // namespace

TEST_CASE("behind what is no packet, or too long a one, nothing is read any more") {
  Bench bench;
  bench.peer->arrive(pong);
  CHECK(bench.packets == std::vector<Packet>{pong});
  CHECK(bench.peer->is_read());
  SECTION("malformed") {
    bench.peer->arrive({'H', 'T'});
    CHECK(bench.said == Lines{"malformed fixed header"});
  }
  SECTION("too long") {
    bench.peer->arrive({0x30, 0xFF, 0xFF, 0xFF, 0x7F});
    CHECK(bench.said == Lines{"packet over the size limit"});
  }
  CHECK_FALSE(bench.peer->is_read());
  CHECK(bench.packets.size() == 1);
  bench.stream->hold(true);
  bench.stream->hold(false);
  bench.run();
  CHECK_FALSE(bench.peer->is_read());
  CHECK(bench.said.size() == 1);
}

TEST_CASE("while a stream is held no packet comes, not even one that came with another") {
  Bench bench;
  bench.holds_at_packet = true;
  bench.peer->arrive({0xD0, 0, 0x40, 2, 0, 1, 0x40, 2, 0, 2});
  CHECK(bench.packets == std::vector<Packet>{pong});
  CHECK_FALSE(bench.peer->is_read());
  bench.stream->hold(false);
  CHECK(bench.packets.size() == 1);
  bench.run();
  CHECK(bench.packets == std::vector<Packet>{pong, {0x40, 2, 0, 1}});
  bench.stream->hold(false);
  bench.stream->hold(true);
  bench.run();
  CHECK(bench.packets.size() == 2);
  CHECK_FALSE(bench.peer->is_read());
  bench.holds_at_packet = false;
  bench.stream->hold(false);
  bench.run();
  CHECK(bench.packets == std::vector<Packet>{pong, {0x40, 2, 0, 1}, {0x40, 2, 0, 2}});
  CHECK(bench.peer->is_read());
}

TEST_CASE("packets that wait are written together, up to a batch") {
  Bench bench;
  const Packet half = make_packet(0x30, Packet(PacketStream::max_batch / 2));
  CHECK(bench.stream->send(ping, 1));
  CHECK(bench.stream->send(pong, 2));
  CHECK(bench.stream->send(half, 3));
  CHECK(bench.stream->send(half, 4));
  CHECK(bench.peer->writing == ping);
  bench.peer->takes(2);
  CHECK(bench.peer->writing.size() == pong.size() + half.size());
  bench.peer->takes(pong.size() + half.size());
  CHECK(bench.peer->writing == half);
  CHECK(bench.said == Lines{"written 1", "written 2", "written 3"});
  bench.peer->takes(half.size());
  CHECK(bench.said.back() == "written 4");
  CHECK(bench.stream->backlog() == 0);
  CHECK(bench.peer->writing.empty());
}

TEST_CASE("a connection that ends in the middle of a batch says what was the first unsent") {
  Bench bench;
  const auto broken = error_code(boost::asio::error::broken_pipe);
  bench.stream->send(ping, 1);
  bench.stream->send(pong, 2);
  bench.stream->send(disconnect, 3);
  bench.peer->takes(2);
  SECTION("in a packet") {
    bench.peer->takes(3, broken);
    CHECK(bench.said == Lines{"written 1", "written 2", "ended before DISCONNECT"});
  }
  SECTION("behind the last") {
    bench.peer->takes(4, broken);
    CHECK(bench.said == Lines{"written 1", "written 2", "written 3", "ended"});
  }
  SECTION("closed by who hears of the first") {
    bench.closes_when_written = true;
    bench.peer->takes(4, broken);
    CHECK(bench.said == Lines{"written 1", "written 2"});
    CHECK_FALSE(bench.stream->send(ping));
    CHECK(bench.stream->delivered());
  }
  CHECK(bench.peer->writing.empty());
}
