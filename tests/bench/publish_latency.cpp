// From a payload that was written to its +QMTPUBEX at the port. With qos 1 less the time from
// PUBLISH to PUBACK on a bare socket to the same broker, by turns; with qos 0 the worst of all, and
// that of an AT behind each, which has nothing to do with a broker.
#include "tests/bench/port.hpp"
#include "tests/bench/raw_mqtt.hpp"
#include "tests/bench/times.hpp"

#include <string>

#include <CLI/CLI.hpp>

namespace {

using bench::Port;
using bench::Times;

constexpr std::string_view topic = "bench/t";
const std::string payload(100, 'x');

struct Settings {
  std::string port;
  unsigned broker = 0;
  int qos = 1;
  int rounds = 7;
  int count = 500;  // of each round
};

class Modem {
 public:
  explicit Modem(const Settings& settings) : port_(settings.port), qos_(settings.qos) {
    bench::connect_client(port_, settings.broker);
  }
  double publish() {
    const auto id = qos_ == 0 ? 0 : next_id_++ % 60'000 + 1;
    port_.send(fmt::format("AT+QMTPUBEX=0,{},{},0,\"{}\",{}\r", id, qos_, topic, payload.size()));
    port_.hear("> ");
    const auto begin = bench::Clock::now();
    port_.send(payload);
    port_.hear(fmt::format("\r\n+QMTPUBEX: 0,{},0\r\n", id));
    return bench::us_since(begin);
  }
  double at() {
    const auto begin = bench::Clock::now();
    port_.send("AT\r");
    port_.hear("\r\nOK\r\n");
    return bench::us_since(begin);
  }

 private:
  Port port_;
  int qos_;
  unsigned next_id_ = 0;
};

class RawClient {
 public:
  explicit RawClient(unsigned broker) : socket_("127.0.0.1:" + std::to_string(broker)) {
    socket_.send(bench::mqtt::connect("bench-raw"));
    socket_.hear(bench::mqtt::connack);
  }
  double publish() {
    const auto id = static_cast<std::uint16_t>(next_id_++ % 60'000 + 1);
    const auto packet = bench::mqtt::publish(1, id, topic, payload);
    const std::string puback{0x40, 2, static_cast<char>(id >> 8U), static_cast<char>(id)};
    const auto begin = bench::Clock::now();
    socket_.send(packet);
    socket_.hear(puback);
    return bench::us_since(begin);
  }

 private:
  Port socket_;
  unsigned next_id_ = 0;
};

template <class Publisher>
Times repeat(Publisher& publisher, int count) {
  Times times;
  for (int i = 0; i < count; ++i) times.add(publisher.publish());
  return times;
}

void compare(const Settings& settings) {
  Modem modem(settings);
  RawClient raw(settings.broker);
  Times through_modem;
  Times bare;
  Times more;
  repeat(modem, settings.count / 10);
  for (int round = 0; round < settings.rounds; ++round) {
    through_modem.add(repeat(modem, settings.count).median());
    bare.add(repeat(raw, settings.count).median());
    more.add(through_modem.last() - bare.last());
  }
  bench::tell("modem_us", through_modem.median());
  bench::tell("raw_us", bare.median());
  bench::tell("more_us", more.median());
}

void find_worst(const Settings& settings) {
  constexpr double limit_us = 1000;
  Modem modem(settings);
  repeat(modem, settings.count / 10);
  Times times;
  Times at;
  for (int i = 0; i < settings.count; ++i) {
    times.add(modem.publish());
    at.add(modem.at());
  }
  bench::tell("p50_us", times.at(0.5));
  bench::tell("p99_us", times.at(0.99));
  bench::tell("max_us", times.at(1));
  bench::tell("above_1_ms", static_cast<double>(times.above(limit_us)));
  bench::tell("at_max_us", at.at(1));
  bench::tell("at_above_1_ms", static_cast<double>(at.above(limit_us)));
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app{"From payload to result of AT+QMTPUBEX, against a bare socket"};
  app.add_option("PORT", settings.port, "A device or HOST:PORT")->required();
  app.add_option("BROKER", settings.broker, "Its port on 127.0.0.1")->required();
  app.add_option("--qos", settings.qos)->check(CLI::Range(0, 1))->capture_default_str();
  app.add_option("--rounds", settings.rounds, "With qos 1")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--count", settings.count, "Publishes of each round, or of all with qos 0")
      ->check(CLI::Range(10, 1'000'000))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return bench::run_bench("publish_latency", [&] {
    if (settings.qos == 0)
      find_worst(settings);
    else
      compare(settings);
  });
}
