// LinkPaho against a real mosquitto: what the host asks for is what the broker sees.
#include "tests/support/link_bench.hpp"
#include "tests/support/mosquitto.hpp"

#include <chrono>
#include <memory>
#include <string>

#include <catch2/catch.hpp>
#include <dirent.h>
#include <fmt/format.h>

using namespace mqtt_backend;
using namespace std::chrono_literals;
using support::as_client;
using support::LinkBench;
using support::Mosquitto;
using support::Probe;

namespace {

std::size_t entries(const char* directory) {
  std::size_t count = 0;
  DIR* dir = ::opendir(directory);
  while (::readdir(dir) != nullptr) ++count;
  ::closedir(dir);
  return count;
}

}  // namespace

TEST_CASE("opening sends no MQTT packet, connecting speaks the version asked for") {
  Mosquitto broker;
  LinkBench bench;
  Probe probe(bench);
  REQUIRE(probe.open(broker.port()));
  bench.run_for(50ms);
  CHECK_FALSE(broker.logged("as "));
  auto request = as_client("version-test");
  SECTION("3.1.1") {
    REQUIRE(probe.connect(request));
    CHECK(broker.logged("as version-test (p2, c1, k60)"));
  }
  SECTION("3.1") {
    request.version = 3;
    request.clean_session = false;
    request.keepalive = 1234;
    REQUIRE(probe.connect(request));
    CHECK(broker.logged("as version-test (p1, c0, k1234)"));
  }
  CHECK(probe.disconnect());
}

TEST_CASE("the host's identifiers are on the wire, all qos, both ways") {
  Mosquitto broker;
  LinkBench bench;
  Probe probe(bench);
  REQUIRE(probe.up(broker.port(), "ids"));
  REQUIRE(probe.subscribe(40000, "t/#", 2));
  CHECK(probe.all<link_event::Acked>().back().codes == std::vector<std::uint8_t>{2});
  REQUIRE(probe.publish(0, 0, "t/0", "zero"));
  REQUIRE(probe.publish(7, 1, "t/1", "one"));
  REQUIRE(probe.publish(65535, 2, "t/2", "two"));
  REQUIRE(probe.publish(7, 1, "t/1", "again"));
  REQUIRE(probe.wait<link_event::Message>(4));
  CHECK(probe.all<link_event::Received>().size() == 1);
  const auto messages = probe.all<link_event::Message>();
  CHECK(messages[0].topic == "t/0");
  CHECK(messages[0].msg_id == 0);
  for (const auto& message : messages) CHECK((message.qos == 0) == (message.msg_id == 0));
  CHECK(broker.logged("from ids (d0, q1, r0, m7, 't/1'"));
  CHECK(broker.logged("from ids (d0, q2, r0, m65535, 't/2'"));
  const Ticket ticket = probe.link.unsubscribe(9, {"t/#"});
  CHECK(bench.run_until([&] { return probe.acked(ticket); }));
  CHECK(probe.disconnect());
}

TEST_CASE("a payload of every byte value arrives as it was sent") {
  Mosquitto broker;
  LinkBench bench;
  Probe probe(bench);
  std::string payload;
  for (int i = 0; i < 256; ++i) payload.push_back(static_cast<char>(i));
  REQUIRE(probe.up(broker.port(), "binary"));
  REQUIRE(probe.subscribe(1, "bin", 1));
  REQUIRE(probe.publish(2, 1, "bin", payload));
  REQUIRE(probe.wait<link_event::Message>());
  CHECK(probe.all<link_event::Message>()[0].payload == payload);
}

TEST_CASE("the will is published after close, not after disconnect") {
  Mosquitto broker;
  LinkBench bench;
  Probe watcher(bench);
  REQUIRE(watcher.up(broker.port(), "watcher"));
  REQUIRE(watcher.subscribe(1, "will/#", 1));
  Probe probe(bench);
  auto request = as_client("mortal");
  request.will = Will{1, false, "will/m", std::string("gone\0bin", 8)};
  REQUIRE(probe.open(broker.port()));
  REQUIRE(probe.connect(request));
  SECTION("close") {
    probe.link.close();
    REQUIRE(watcher.wait<link_event::Message>());
    CHECK(watcher.all<link_event::Message>()[0].payload == std::string("gone\0bin", 8));
  }
  SECTION("disconnect") {
    REQUIRE(probe.disconnect());
    REQUIRE(watcher.publish(3, 1, "will/end", "end"));
    REQUIRE(watcher.wait<link_event::Message>());
    bench.run_for(50ms);
    CHECK(watcher.all<link_event::Message>().size() == 1);
    CHECK(watcher.all<link_event::Message>()[0].topic == "will/end");
    CHECK(broker.logged("Received DISCONNECT from mortal"));
  }
}

TEST_CASE("an empty will message is possible") {
  Mosquitto broker;
  LinkBench bench;
  Probe probe(bench);
  auto request = as_client("terse");
  request.will = Will{0, false, "will/terse", ""};
  REQUIRE(probe.open(broker.port()));
  CHECK(probe.connect(request));
}

TEST_CASE("user name and password reach the broker, a refusal comes back as its code") {
  Mosquitto broker({{{"alice", "secret"}}, ""});
  LinkBench bench;
  Probe probe(bench);
  auto request = as_client("alice-1");
  request.username = "alice";
  REQUIRE(probe.open(broker.port()));
  SECTION("right") {
    request.password = "secret";
    CHECK(probe.connect(request));
  }
  SECTION("wrong") {
    request.password = "guess";
    CHECK_FALSE(probe.connect(request));
    CHECK(probe.all<link_event::ConnAck>().back().code == 5);
    bench.run_for(100ms);
    CHECK_FALSE(probe.has<link_event::Down>());
    probe.link.close();
    request.password = "secret";
    REQUIRE(probe.open(broker.port()));
    CHECK(probe.connect(request));
  }
}

TEST_CASE("a session is resumed and its messages follow the ConnAck") {
  Mosquitto broker;
  LinkBench bench;
  Probe probe(bench);
  auto request = as_client("sleeper");
  request.clean_session = false;
  REQUIRE(probe.open(broker.port()));
  REQUIRE(probe.connect(request));
  CHECK_FALSE(probe.all<link_event::ConnAck>()[0].session_present);
  REQUIRE(probe.subscribe(1, "s/#", 2));
  REQUIRE(probe.disconnect());
  Probe other(bench);
  REQUIRE(other.up(broker.port(), "other"));
  for (int i = 1; i <= 10; ++i)
    REQUIRE(other.publish(static_cast<std::uint16_t>(i), i % 2 + 1, "s/x", std::to_string(i)));
  probe.events.clear();
  REQUIRE(probe.open(broker.port()));
  REQUIRE(probe.connect(request));
  REQUIRE(probe.wait<link_event::Message>(10));
  CHECK(probe.all<link_event::ConnAck>()[0].session_present);
  std::size_t connack = 0;
  std::size_t message = 0;
  for (std::size_t i = probe.events.size(); i-- > 0;) {
    if (std::holds_alternative<link_event::ConnAck>(probe.events[i])) connack = i;
    if (std::holds_alternative<link_event::Message>(probe.events[i])) message = i;
  }
  CHECK(connack < message);
}

TEST_CASE("a thousand messages and 100 kB are complete and in order") {
  Mosquitto broker;
  LinkBench bench;
  Probe sender(bench);
  Probe probe(bench);
  REQUIRE(sender.up(broker.port(), "sender"));
  REQUIRE(probe.up(broker.port(), "receiver"));
  REQUIRE(probe.subscribe(1, "b/#", 1));
  SECTION("burst") {
    const int qos = GENERATE(0, 1);
    for (int i = 0; i < 1000; ++i) {
      sender.link.publish({0, qos, false, "b/n", std::to_string(i)});
      if (i % 100 == 99) bench.run_for(1ms);
    }
    REQUIRE(probe.wait<link_event::Message>(1000, 10s));
    const auto messages = probe.all<link_event::Message>();
    bool in_order = true;
    for (std::size_t i = 0; i < 1000; ++i)
      in_order = in_order && messages[i].payload == std::to_string(i);
    CHECK(in_order);
  }
  SECTION("100 kB") {
    std::string payload(100'000, 'x');
    for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<char>(i * 7 % 251);
    REQUIRE(sender.publish(5, 1, "b/big", payload));
    REQUIRE(probe.wait<link_event::Message>());
    CHECK(probe.all<link_event::Message>()[0].payload == payload);
  }
}

TEST_CASE("a client id in use elsewhere: the older link goes down") {
  Mosquitto broker;
  LinkBench bench;
  Probe older(bench);
  Probe newer(bench);
  REQUIRE(older.up(broker.port(), "twin"));
  REQUIRE(newer.up(broker.port(), "twin"));
  REQUIRE(older.wait<link_event::Down>());
  CHECK(older.all<link_event::Down>()[0].reason == DownReason::peer_closed);
  CHECK_FALSE(newer.has<link_event::Down>());
}

TEST_CASE("a killed broker takes all links down, and nobody listens afterwards") {
  Mosquitto broker;
  LinkBench bench;
  Probe connected(bench);
  Probe opened(bench);
  REQUIRE(connected.up(broker.port(), "c"));
  REQUIRE(opened.open(broker.port()));
  broker.kill();
  REQUIRE(connected.wait<link_event::Down>());
  REQUIRE(opened.wait<link_event::Down>());
  CHECK(connected.all<link_event::Down>()[0].reason == DownReason::peer_closed);
  CHECK_FALSE(connected.all<link_event::Down>()[0].detail.empty());
  CHECK_FALSE(connected.open(broker.port()));
  CHECK(connected.all<link_event::Opened>().back().result == OpenResult::refused);
}

TEST_CASE("results of an open that fails") {
  LinkBench bench;
  Probe probe(bench);
  SECTION("no such name") {
    probe.link.open({"no-such-host.invalid", 1883, nullptr});
    REQUIRE(probe.wait<link_event::Opened>());
    CHECK(probe.all<link_event::Opened>()[0].result == OpenResult::unresolved);
  }
  SECTION("TLS to a broker that speaks none") {
    Mosquitto broker;
    probe.link.open({"127.0.0.1", broker.port(), std::make_shared<ssl_ctx::TlsRequest>()});
    REQUIRE(probe.wait<link_event::Opened>());
    CHECK(probe.all<link_event::Negotiating>().size() == 1);
    CHECK(probe.all<link_event::Opened>()[0].result == OpenResult::tls_failed);
  }
  SECTION("TLS that cannot be prepared") {
    auto request = std::make_shared<ssl_ctx::TlsRequest>();
    request->settings.seclevel = 1;
    request->ca = "no certificate";
    probe.link.open({"127.0.0.1", 8883, request});
    CHECK(probe.events.empty());
    REQUIRE(probe.wait<link_event::Opened>());
    CHECK(probe.all<link_event::Negotiating>().empty());
    CHECK(probe.all<link_event::Opened>()[0].result == OpenResult::tls_failed);
  }
  SECTION("not a word after close") {
    probe.link.open({"127.0.0.1", support::held_port(), nullptr});
    probe.link.close();
    bench.run_for(50ms);
    CHECK(probe.events.empty());
  }
}

TEST_CASE("a name of a rule goes where the rule says") {
  Mosquitto broker;
  LinkBench bench;
  LinkOptions options;
  options.dialer.resolver = std::make_shared<net::Resolver>(bench.io);
  REQUIRE(options.dialer.resolver->rules().add(
      fmt::format("broker.demo:1883=127.0.0.1:{}", broker.port())));
  Probe probe(bench, options);
  probe.link.open({"Broker.Demo", 1883, nullptr});
  REQUIRE(probe.wait<link_event::Opened>());
  CHECK(probe.all<link_event::Opened>()[0].result == OpenResult::ok);
  CHECK(probe.connect(as_client("named")));
}

TEST_CASE("six links at once, each with its own traffic") {
  Mosquitto broker;
  LinkBench bench;
  std::vector<std::unique_ptr<Probe>> probes;
  for (int i = 0; i < 6; ++i) {
    probes.push_back(std::make_unique<Probe>(bench));
    probes.back()->link.open({"127.0.0.1", broker.port(), nullptr});
  }
  for (auto& probe : probes) REQUIRE(probe->wait<link_event::Opened>());
  for (int i = 0; i < 6; ++i)
    probes[static_cast<std::size_t>(i)]->link.connect(as_client("six-" + std::to_string(i)));
  for (auto& probe : probes) REQUIRE(probe->wait<link_event::ConnAck>());
  for (auto& probe : probes) REQUIRE(probe->subscribe(7, "six", 2));
  for (auto& probe : probes) probe->link.publish({7, 2, false, "six", "hello"});
  for (auto& probe : probes) REQUIRE(probe->wait<link_event::Message>(6));
}

TEST_CASE("ping is answered, and only what was asked for is reported") {
  Mosquitto broker;
  LinkBench bench;
  Probe probe(bench);
  REQUIRE(probe.up(broker.port(), "pinger"));
  probe.events.clear();
  probe.link.ping();
  REQUIRE(probe.wait<link_event::Pong>());
  CHECK(probe.has<link_event::Sent>());
  CHECK(broker.logged("Received PINGREQ from pinger"));
}

TEST_CASE("a link may be destroyed in any state, and the world leaves nothing behind") {
  Mosquitto broker;
  { LinkBench warm_up; }
  const std::size_t descriptors = entries("/proc/self/fd");
  const std::size_t threads = entries("/proc/self/task");
  const int steps = GENERATE(range(0, 8));
  auto bench = std::make_unique<LinkBench>();
  auto probe = std::make_unique<Probe>(*bench);
  if (steps > 0) probe->link.open({"127.0.0.1", broker.port(), nullptr});
  if (steps > 1) REQUIRE(probe->wait<link_event::Opened>());
  if (steps > 2) probe->link.connect(as_client("brief"));
  if (steps > 3) bench->run_until([&] { return probe->has<link_event::Sent>(); });
  if (steps > 4) REQUIRE(probe->wait<link_event::ConnAck>());
  if (steps > 5) probe->link.publish({3, 2, false, "x", "y"});
  if (steps > 6) probe->link.disconnect();
  const auto start = std::chrono::steady_clock::now();
  probe.reset();
  bench.reset();
  const auto time = std::chrono::steady_clock::now() - start;
  CAPTURE(steps, std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
  // The library ends its threads in steps of 100 ms.
  CHECK(time < 1s);
  CHECK(entries("/proc/self/fd") == descriptors);
  CHECK(entries("/proc/self/task") == threads);
}
