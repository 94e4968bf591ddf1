// From a name to a stream: races, limits of time and number, giving up.
#include "net/connect_race.hpp"
#include "net/dialer.hpp"
#include "tests/support/dns_server.hpp"
#include "tests/support/link_bench.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/slowness.hpp"
#include "tests/support/story_broker.hpp"

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace net;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using boost::system::error_code;
using support::LinkBench;
using support::StoryBroker;

namespace {

tcp::endpoint endpoint_at(const std::string& address, std::uint16_t port) {
  return {boost::asio::ip::make_address(address), port};
}

/// A dialer whose names lead to `addresses`, and what it said.
struct Caller {
  Caller(LinkBench& bench, Resolver::Endpoints addresses) {
    DialerOptions options;
    options.resolver = std::make_shared<Resolver>(
        bench.io, [addresses = std::move(addresses)](const std::string&, std::uint16_t,
                                                     error_code&) { return addresses; });
    dialer.emplace(bench.io, options);
  }
  void dial(std::chrono::milliseconds limit = {},
            std::shared_ptr<const ssl_ctx::TlsRequest> tls = nullptr) {
    Dialer::Events events;
    events.negotiating = [this] { said += "negotiating "; };
    events.established = [this](std::unique_ptr<Stream> got) {
      said += "established ";
      stream = std::move(got);
    };
    events.failed = [this](Dialer::Failure why, const std::string&) {
      said += "failed ";
      failure = why;
    };
    dialer->dial({"broker.example", 1883, std::move(tls)}, limit, std::move(events));
    CHECK(said.empty());
  }

  std::optional<Dialer> dialer;
  std::string said;
  std::unique_ptr<Stream> stream;
  std::optional<Dialer::Failure> failure;
};

}  // namespace

TEST_CASE("an address that swallows everything does not hide a good one") {
  LinkBench bench;
  StoryBroker silent("127.0.0.2", StoryBroker::Listening::full_backlog);
  StoryBroker good("127.0.0.1");
  Caller caller(bench,
                {endpoint_at("127.0.0.2", silent.port()), endpoint_at("127.0.0.1", good.port())});
  caller.dial();
  REQUIRE(bench.run_until([&] { return !caller.said.empty(); }));
  CHECK(caller.said == "established ");
  CHECK(caller.stream->socket().remote_endpoint() == endpoint_at("127.0.0.1", good.port()));
}

TEST_CASE("an address that refuses is left at once") {
  LinkBench bench;
  StoryBroker good("127.0.0.1");
  Caller caller(bench, {endpoint_at("::1", support::held_port()),
                        endpoint_at("127.0.0.2", support::held_port()),
                        endpoint_at("127.0.0.1", good.port())});
  caller.dial();
  REQUIRE(bench.run_until([&] { return !caller.said.empty(); }));
  CHECK(caller.said == "established ");
}

TEST_CASE("behind the last address there is none, however early another failed") {
  LinkBench bench;
  StoryBroker silent("127.0.0.2", StoryBroker::Listening::full_backlog);
  Caller caller(bench, {endpoint_at("127.0.0.1", support::held_port()),
                        endpoint_at("127.0.0.2", silent.port())});
  caller.dial(3 * ConnectRace::head_start);
  REQUIRE(bench.run_until([&] { return !caller.said.empty(); }));
  CHECK(caller.said == "failed ");
  CHECK(caller.failure == Dialer::Failure::timed_out);
}

TEST_CASE("all addresses refuse: that is what is told") {
  LinkBench bench;
  Caller caller(bench, {endpoint_at("::1", support::held_port()),
                        endpoint_at("127.0.0.1", support::held_port())});
  caller.dial();
  REQUIRE(bench.run_until([&] { return !caller.said.empty(); }));
  CHECK(caller.failure == Dialer::Failure::refused);
}

TEST_CASE("a limit of time holds for all of it") {
  LinkBench bench;
  StoryBroker silent("127.0.0.2", StoryBroker::Listening::full_backlog);
  SECTION("TCP") {
    Caller caller(bench, {endpoint_at("127.0.0.2", silent.port())});
    caller.dial(50ms);
    REQUIRE(bench.run_until([&] { return !caller.said.empty(); }));
    CHECK(caller.failure == Dialer::Failure::timed_out);
    CHECK(caller.said == "failed ");
  }
  SECTION("TLS") {
    StoryBroker mute("127.0.0.1");
    Caller caller(bench, {endpoint_at("127.0.0.1", mute.port())});
    const std::chrono::milliseconds limit(support::slowed(500));
    caller.dial(limit, std::make_shared<ssl_ctx::TlsRequest>());
    REQUIRE(bench.run_until([&] { return caller.failure.has_value(); }, 10 * limit));
    CHECK(caller.failure == Dialer::Failure::timed_out);
    CHECK(caller.said == "negotiating failed ");
  }
}

TEST_CASE("what is given up says nothing, in any state") {
  LinkBench bench;
  StoryBroker good("127.0.0.1");
  StoryBroker silent("127.0.0.2", StoryBroker::Listening::full_backlog);
  Caller caller(bench,
                {endpoint_at("127.0.0.2", silent.port()), endpoint_at("127.0.0.1", good.port())});
  SECTION("while the name is looked up") { caller.dial(1ms); }
  SECTION("while it connects") {
    caller.dial(500ms);
    bench.run_for(20ms);
  }
  SECTION("while it is destroyed") {
    caller.dial(1ms);
    caller.dialer.reset();
  }
  if (caller.dialer) caller.dialer->cancel();
  bench.run_for(300ms);
  CHECK(caller.said.empty());
}

TEST_CASE("look-ups are limited for each modem, not for all") {
  LinkBench bench;
  std::mutex gate;
  std::unique_lock closed(gate);
  const auto slow = [&gate](const std::string&, std::uint16_t, error_code&) {
    const std::lock_guard wait(gate);
    return Resolver::Endpoints{endpoint_at("127.0.0.1", 1)};
  };
  Resolver one(bench.io, slow);
  Resolver other(bench.io, slow);
  int found = 0;
  int failed = 0;
  const auto count = [&](error_code error, const Resolver::Answer&) { ++(error ? failed : found); };
  for (int i = 0; i < Resolver::max_under_way; ++i) one.start({"a.example", 1}, count);
  for (int i = 0; i < 3; ++i) one.start({"a.example", 1}, count);
  other.start({"a.example", 1}, count);
  REQUIRE(bench.run_until([&] { return failed == 3; }));
  CHECK(one.turned_away() == 3);
  CHECK(other.turned_away() == 0);
  closed.unlock();
  CHECK(bench.run_until([&] { return found == Resolver::max_under_way + 1; }));
  one.start({"a.example", 1}, count);
  CHECK(bench.run_until([&] { return found == Resolver::max_under_way + 2; }));
}

namespace {

/// Says in which thread the last hold of it ended.
struct Held {
  explicit Held(std::thread::id& ended_in) : ended_in_(ended_in) {}
  ~Held() { ended_in_ = std::this_thread::get_id(); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  std::thread::id& ended_in_;
};

/// A look-up whose thread ends only after the io thread is done with the answer.
struct Lingering {
  explicit Lingering(std::shared_future<void> signal) : until(std::move(signal)) {}
  Lingering(const Lingering& other) : until(other.until) {}
  Lingering& operator=(const Lingering&) = delete;
  ~Lingering() {
    if (ran) until.wait();
  }
  Resolver::Endpoints operator()(const std::string&, std::uint16_t, error_code&) const {
    ran = true;
    return {endpoint_at("127.0.0.1", 1)};
  }

  std::shared_future<void> until;
  mutable bool ran = false;
};

}  // namespace

TEST_CASE("what waits for a name is given up in the thread that it belongs to") {
  LinkBench bench;
  std::promise<void> done;
  std::thread::id ended_in;
  std::optional<Resolver> resolver(std::in_place, bench.io, Lingering(done.get_future().share()));
  bool found = false;
  resolver->start({"a.example", 1}, [&found, held = std::make_shared<Held>(ended_in)](
                                        error_code, const Resolver::Answer&) { found = true; });
  SECTION("answered") {
    REQUIRE(bench.run_until([&] { return found; }));
    bench.run_for(1ms);
  }
  SECTION("no longer wanted") { resolver.reset(); }
  CHECK(ended_in == std::this_thread::get_id());
  done.set_value();
}

TEST_CASE(
    "a name is asked at the servers of the target; when they are silent it is unresolved "
    "[NETX-11]") {
  LinkBench bench;
  support::DnsServer silent(support::DnsServer::Manner::silent);
  support::DnsServer honest;
  honest.knows("broker.example", {{"127.0.0.1", 60}});
  StoryBroker good("127.0.0.1");
  DialerOptions options;
  options.resolver = std::make_shared<Resolver>(bench.io);
  options.resolver->set_patience({20ms, 2});
  for (const auto& [server, port] :
       {std::pair("203.0.113.1", silent.port()), std::pair("203.0.113.2", honest.port())})
    REQUIRE(options.resolver->rules().add(fmt::format("{}:53=127.0.0.1:{}", server, port)));
  Dialer dialer(bench.io, options);
  std::string said;
  std::optional<Dialer::Failure> failure;
  const auto dial = [&](const std::string& server) {
    said.clear();
    Dialer::Events events;
    events.established = [&](const std::unique_ptr<Stream>&) { said = "established"; };
    events.failed = [&](Dialer::Failure why, const std::string&) {
      said = "failed";
      failure = why;
    };
    dialer.dial({"broker.example", good.port(), nullptr, 0, {server}}, {}, std::move(events));
  };
  dial("203.0.113.1");
  REQUIRE(bench.run_until([&] { return !said.empty(); }));
  CHECK(failure == Dialer::Failure::unresolved);
  options.resolver->set_patience({1h, 1});
  dial("203.0.113.2");
  REQUIRE(bench.run_until([&] { return !said.empty(); }));
  CHECK(said == "established");
  dial("203.0.113.1");
  dialer.cancel();
  CHECK_FALSE(options.activity->under_way());
}
