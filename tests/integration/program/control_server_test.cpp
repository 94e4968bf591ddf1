// The HTTP server by itself, with short limits: answers that come late, streams, clients that
// leave, do not read, or do not go on.
#include "emulator/control/http_server.hpp"
#include "tests/support/http_client.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

using namespace emulator::control;
using namespace support;

namespace {

HttpLimits short_limits() {
  HttpLimits limits;
  limits.request = std::chrono::milliseconds(100);
  limits.idle = std::chrono::milliseconds(300);
  limits.write = std::chrono::milliseconds(100);
  return limits;
}

/// Serves in a thread of its own: /late waits for answer(), /stream for the test to write.
class Bench {
 public:
  explicit Bench(HttpLimits limits = {}) : server_(io_, table_, "", limits) {
    add("/late", [this](const Call&, Responder responder) {
      responder.on_gone([this] { gone_.set_value(); });
      late_ = std::move(responder);
      asked_.set_value();
    });
    add("/stream", [this](const Call&, const Responder& responder) {
      stream_ = responder.stream("text/event-stream");
      stream_->on_closed([this] { closed_.set_value(); });
      asked_.set_value();
    });
    add("/never", [](const Call&, const Responder&) {});
    add("/large", [](const Call&, const Responder& responder) {
      responder.text(200, "text/plain", std::string(std::size_t{64} * 1024 * 1024, 'x'));
    });
    REQUIRE_FALSE(server_.start({}).has_value());
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Bench() {
    in_loop([this] {
      server_.stop();
      late_.reset();
      stream_.reset();
    });
    work_.reset();
    thread_.join();
  }

  void in_loop(const std::function<void()>& act) {
    std::promise<void> done;
    boost::asio::post(io_, [&] {
      act();
      done.set_value();
    });
    done.get_future().wait();
  }

  [[nodiscard]] const std::string& address() const { return server_.address(); }
  Responder& late() { return *late_; }
  std::shared_ptr<Stream>& stream() { return stream_; }
  bool was_asked() { return comes(asked_); }
  bool was_gone() { return comes(gone_); }
  bool was_closed() { return comes(closed_); }

 private:
  bool comes(std::promise<void>& event) {
    const bool came = event.get_future().wait_for(patience) == std::future_status::ready;
    in_loop([] {});  // who told is through with the event
    event = std::promise<void>();
    return came;
  }
  void add(const std::string& path, Handler handler) {
    Route route{Method::get, path, path, path};
    route.handler = std::move(handler);
    table_.add({route});
  }

  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  RouteTable table_;
  HttpServer server_;
  std::optional<Responder> late_;
  std::shared_ptr<Stream> stream_;
  std::promise<void> asked_;
  std::promise<void> gone_;
  std::promise<void> closed_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("[CTL-14] an answer may come late, and pipelined requests wait for it") {
  Bench bench;
  HttpClient client(bench.address());
  client.ask("GET", "/late");
  client.ask("GET", "/nothing");
  REQUIRE(bench.was_asked());
  bench.in_loop([&] {
    bench.late().reply(200, "now");
    bench.late().reply(200, "twice");
  });
  CHECK(client.response().body == "\"now\"");
  CHECK(client.response().status == 404);
  CHECK(fetch(bench.address(), "/never").status == 500);
}

TEST_CASE("[CTL-14] a handler is told of a client that leaves before it is answered") {
  Bench bench;
  {
    HttpClient client(bench.address());
    client.ask("GET", "/late");
    REQUIRE(bench.was_asked());
  }
  CHECK(bench.was_gone());
  bench.in_loop([&] { bench.late().no_content(); });
  CHECK(fetch(bench.address(), "/nothing").status == 404);
}

TEST_CASE("[CTL-14] a client that sent ahead and leaves is noticed before it is answered") {
  Bench bench;
  for (const std::size_t ahead : {1U, 5000U, 60'000U}) {
    INFO(ahead);
    {
      HttpClient client(bench.address());
      client.ask("GET", "/late");
      REQUIRE(bench.was_asked());
      client.send(std::string(ahead, 'G'));
    }
    CHECK(bench.was_gone());
  }
}

TEST_CASE("[CTL-14] a request may begin before the answer of the former and end after it") {
  Bench bench;
  HttpClient client(bench.address());
  for (int i = 0; i < 20; ++i) {
    client.ask("GET", "/late");
    REQUIRE(bench.was_asked());
    client.send("GET /noth");
    bench.in_loop([&] { bench.late().reply(200, "now"); });
    CHECK(client.response().body == "\"now\"");
    client.send("ing HTTP/1.1\r\nHost: " + client.host() + "\r\n\r\n");
    CHECK(client.response().status == 404);
  }
}

TEST_CASE("[CTL-12] a stream comes in chunks, ends in order, and the connection goes on") {
  Bench bench;
  HttpClient client(bench.address());
  client.ask("GET", "/stream");
  REQUIRE(bench.was_asked());
  const auto head = client.response();
  CHECK(head.has("Content-Type: text/event-stream"));
  CHECK(head.has("Transfer-Encoding: chunked"));
  bench.in_loop([&] { bench.stream()->write("data: 1\n\n"); });
  CHECK(client.read_until("\n\n\r\n") == "9\r\ndata: 1\n\n\r\n");
  bench.in_loop([&] {
    bench.stream()->write("x");
    bench.stream()->write("");
    bench.stream()->close();
    bench.stream()->write("y");
  });
  CHECK(client.read_until("0\r\n\r\n") == "1\r\nx\r\n0\r\n\r\n");
  CHECK(client.get("/nothing").status == 404);
}

TEST_CASE("[CTL-12] a stream that ends where it may go on comes to its end") {
  const std::string much(std::size_t{600} * 1024, 'y');
  Bench bench;
  HttpClient client(bench.address());
  client.ask("GET", "/stream", "Connection: close\r\n");
  REQUIRE(bench.was_asked());
  bench.in_loop([&] {
    auto& stream = bench.stream();
    stream->on_drained([&] {
      if (!stream->is_open()) return;
      stream->write(much);
      stream->close();
    });
    stream->write("x");
  });
  client.read_until("1\r\nx\r\n");
  CHECK(client.read_until("0\r\n\r\n") == "96000\r\n" + much + "\r\n0\r\n\r\n");
  CHECK(client.at_end());
}

TEST_CASE("[CTL-12] to HTTP/1.0 a stream comes as it is; HEAD gets none") {
  Bench bench;
  HttpClient old(bench.address());
  old.send("GET /stream HTTP/1.0\r\nHost: " + old.host() + "\r\n\r\n");
  REQUIRE(bench.was_asked());
  bench.in_loop([&] {
    bench.stream()->write("data: 1\n");
    bench.stream()->close();
  });
  CHECK_FALSE(old.response().has("chunked"));
  CHECK(old.read_until("\n") == "data: 1\n");
  CHECK(old.at_end());
  HttpClient head(bench.address());
  head.ask("HEAD", "/stream");
  REQUIRE(bench.was_asked());
  CHECK(head.response(true).status == 200);
  CHECK(bench.was_closed());
  CHECK(head.get("/nothing").status == 404);
}

TEST_CASE("[CTL-2] a stream whose client leaves, or does not read, is cut and its owner told") {
  Bench bench;
  {
    HttpClient leaves(bench.address());
    leaves.ask("GET", "/stream");
    REQUIRE(bench.was_asked());
  }
  CHECK(bench.was_closed());
  HttpClient sleeps(bench.address());
  sleeps.ask("GET", "/stream");
  REQUIRE(bench.was_asked());
  std::atomic<int> written = 0;
  const std::string piece(std::size_t{64} * 1024, 'x');
  bool open = true;
  while (open && written < 1024) {
    bench.in_loop([&] {
      bench.stream()->write(piece);
      open = bench.stream()->is_open();
    });
    ++written;
  }
  CHECK_FALSE(open);
  CHECK(bench.was_closed());
}

TEST_CASE("[CTL-2] half a request is 408; who does not read an answer or says nothing is cut") {
  Bench bench(short_limits());
  HttpClient half(bench.address());
  half.send("GET /late HTTP/1.1\r\nHost: ");
  CHECK(half.response().status == 408);
  CHECK(half.at_end());
  HttpClient body(bench.address());
  body.ask("GET", "/late", "Content-Length: 5\r\n");
  CHECK(body.response().status == 408);
  HttpClient silent(bench.address());
  CHECK(silent.at_end());
  HttpClient idle(bench.address());
  CHECK(idle.get("/nothing").status == 404);
  CHECK(idle.at_end());
  HttpClient sleeps(bench.address());
  sleeps.ask("GET", "/large");
  // Idle for longer than the server waits for the reader.
  HttpClient other(bench.address());
  CHECK(other.get("/nothing").status == 404);
  CHECK(other.at_end());
  CHECK_THROWS_WITH(sleeps.response(), "the server closed inside a body");
}
