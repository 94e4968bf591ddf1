// Queues that have to stop somewhere: each by bytes, each counted.
#include "mqtt_backend/inbox.hpp"
#include "mqtt_backend/link/deliveries.hpp"
#include "mqtt_backend/link/packet_stream.hpp"
#include "mqtt_backend/link/paho_client.hpp"
#include "mqtt_backend/link/paho_thread.hpp"
#include "tests/support/log_capture.hpp"

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace mqtt_backend;

namespace {

link_event::Message message(std::size_t payload) {
  return {1, 1, false, false, "t", std::string(payload, 'x')};
}

Packet publish(std::size_t payload) {
  Packet body;
  append_text(body, "t");
  body.resize(body.size() + payload, 'x');
  return make_packet(0x30, body);
}

/// A connection whose peer takes nothing.
class StuckStream : public net::Stream {
 public:
  explicit StuckStream(boost::asio::io_context& io) : socket_(io) {}
  void read_some(boost::asio::mutable_buffer, Done) override {}
  void write(boost::asio::const_buffer, Done) override {}
  void shut_down() override {}
  boost::asio::ip::tcp::socket& socket() override { return socket_; }

 private:
  boost::asio::ip::tcp::socket socket_;
};

}  // namespace

TEST_CASE("what waits for a peer that takes nothing is limited, but one packet always passes") {
  boost::asio::io_context io;
  const auto stream = std::make_shared<PacketStream>(std::make_unique<StuckStream>(io), 1024,
                                                     PacketStream::Acks::normal);
  CHECK(stream->send(publish(PacketStream::max_backlog)));
  CHECK_FALSE(stream->send(publish(1)));
  CHECK(stream->backlog() > PacketStream::max_backlog);
}

TEST_CASE("a backlog of just the limit takes one packet more") {
  boost::asio::io_context io;
  const auto stream = std::make_shared<PacketStream>(std::make_unique<StuckStream>(io), 1024,
                                                     PacketStream::Acks::normal);
  constexpr std::size_t header = 7;  // with the topic, and a length of three bytes
  CHECK(stream->send(publish(PacketStream::max_backlog - header)));
  CHECK(stream->backlog() == PacketStream::max_backlog);
  CHECK(stream->send(publish(1)));
  CHECK_FALSE(stream->send(publish(1)));
}

TEST_CASE("requests that wait for the library's connection are limited by bytes and by number") {
  boost::asio::io_context io;
  PahoThread thread;
  std::string failed;
  PahoClient::Events events;
  events.failed = [&](const std::string& why) { failed = why; };
  const auto client = std::make_shared<PahoClient>(io, thread, std::move(events));
  const bool by_bytes = GENERATE(true, false);
  const std::size_t size = by_bytes ? PahoClient::max_waiting_bytes / 4 : 1;
  const std::size_t most = by_bytes ? 4 : PahoClient::max_waiting;
  for (std::size_t i = 0; i < most; ++i) client->publish({1, 0, false, "", std::string(size, 'x')});
  io.poll();
  CHECK(failed.empty());
  client->publish({1, 0, false, "", "x"});
  io.restart();
  io.poll();
  CHECK(failed == "too many requests wait");
  client->drop();
}

TEST_CASE("the library's thread is spared while few objects of the library live") {
  boost::asio::io_context io;
  PahoThread thread;
  std::vector<std::shared_ptr<PahoClient>> clients;
  const auto one_more = [&] {
    clients.push_back(std::make_shared<PahoClient>(io, thread, PahoClient::Events{}));
  };
  for (int i = 0; i < PahoThread::few_users; ++i) one_more();
  CHECK(thread.can_be_spared());
  one_more();
  CHECK_FALSE(thread.can_be_spared());
  clients.back()->drop();
  std::promise<void> done;
  thread.post_always([&] { done.set_value(); });
  done.get_future().wait();
  CHECK(thread.can_be_spared());
  clients.pop_back();
  for (const auto& client : clients) client->drop();
}

TEST_CASE("the inbox drops what is too much in bytes, and takes it again when there is room") {
  Inbox inbox;
  const std::size_t half = Inbox::max_bytes / 2;
  CHECK(inbox.put(message(half)) == 0);
  CHECK(inbox.put(message(half - 2)) == 1);
  CHECK_FALSE(inbox.put(message(1)));
  CHECK(inbox.dropped() == 1);
  CHECK(inbox.take(0));
  CHECK(inbox.put(message(half)) == 0);
  inbox.clear();
  CHECK(inbox.put(message(Inbox::max_bytes - 1)) == 0);
}

TEST_CASE("what the library has not delivered is limited by bytes and by number") {
  Deliveries deliveries;
  SECTION("bytes") {
    const auto packet = publish(Deliveries::max_bytes / 2);
    deliveries.push(0, packet);
    CHECK_FALSE(deliveries.full());
    deliveries.push(0, packet);
    CHECK(deliveries.full());
    CHECK(deliveries.take("t", 0));
    CHECK_FALSE(deliveries.full());
  }
  SECTION("number") {
    for (std::size_t i = 0; i < Deliveries::max_messages; ++i) deliveries.push(0, publish(1));
    CHECK(deliveries.full());
    CHECK(deliveries.take("t", 0));
    CHECK_FALSE(deliveries.full());
  }
}

TEST_CASE("jobs for the library are limited by bytes and by number, but for what must be done") {
  support::LogCapture log;
  std::mutex gate;
  std::unique_lock closed(gate);
  PahoThread thread;
  REQUIRE(thread.post([&] { const std::lock_guard wait(gate); }, 0));
  std::size_t run = 0;
  SECTION("bytes") {
    REQUIRE(thread.post([&] { ++run; }, PahoThread::max_bytes - 1));
    CHECK(thread.post([&] { ++run; }, 1));
    CHECK_FALSE(thread.post([&] { ++run; }, 1));
    CHECK(thread.refused() == 1);
    CHECK_THAT(log.take(), Catch::Contains("too many calls wait for the mqtt library"));
    CHECK_FALSE(thread.post([&] { ++run; }, 1));
    CHECK(log.take().empty());
  }
  SECTION("number") {
    std::size_t taken = 0;
    while (thread.post([&] { ++run; }, 0)) ++taken;
    CHECK(taken >= PahoThread::max_jobs - 1);
    CHECK(thread.refused() == 1);
  }
  bool last = false;
  std::condition_variable done;
  std::mutex mutex;
  thread.post_always([&] {
    const std::lock_guard lock(mutex);
    last = true;
    done.notify_one();
  });
  closed.unlock();
  std::unique_lock lock(mutex);
  done.wait(lock, [&] { return last; });
  CHECK(run >= 2);
  CHECK(thread.post([] {}, PahoThread::max_bytes));
}

TEST_CASE("a job for the library that throws is told in the log, and the next one runs") {
  support::LogCapture log;
  bool ran = false;
  {
    PahoThread thread;
    CHECK(thread.post([] { throw std::runtime_error("out of descriptors"); }, 0));
    CHECK(thread.post([&] { ran = true; }, 0));
  }
  CHECK(ran);
  CHECK_THAT(log.take(), Catch::Contains("out of descriptors"));
}
