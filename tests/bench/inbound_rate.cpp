// Messages of 100 bytes and qos 0 from a broker to the host, as fast as the modem takes them. The
// broker is here and only sends: a real one would be the slower half. None may be missing, and none
// out of order.
#include "tests/bench/port.hpp"
#include "tests/bench/raw_mqtt.hpp"
#include "tests/bench/times.hpp"

#include <atomic>
#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include <CLI/CLI.hpp>

namespace {

using bench::Port;

constexpr std::size_t payload_size = 100;

struct Settings {
  std::string port;
  int rounds = 5;
  unsigned count = 100'000;  // of each round
};

class Broker {
 public:
  ~Broker() {
    if (thread_.joinable()) thread_.join();
  }
  Broker() = default;
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  [[nodiscard]] unsigned port() const { return listener_.port; }
  /// Answers one client, then waits for begin().
  void serve(unsigned count) {
    thread_ = std::thread([this, count] {
      const std::string suback{"\x90\x03\x00\x01\x00", 5};
      Port client(listener_.accept());
      client.hear("bench");
      client.send(bench::mqtt::connack);
      client.hear("bench/#");
      client.send(suback);
      has_begun_.wait(false);
      std::string bytes;
      for (unsigned i = 0; i < count; ++i) {
        bytes += bench::mqtt::publish(0, 0, "bench/t", fmt::format("{:0{}}", i, payload_size));
        if (bytes.size() < std::size_t{16} * 1024 && i + 1 < count) continue;
        client.send(bytes);
        bytes.clear();
      }
      is_heard_.wait(false);
    });
  }
  void begin() { set(has_begun_); }
  void end() { set(is_heard_); }

 private:
  static void set(std::atomic<bool>& flag) {
    flag = true;
    flag.notify_one();
  }

  bench::Listener listener_;
  std::atomic<bool> has_begun_ = false;
  std::atomic<bool> is_heard_ = false;
  std::thread thread_;
};

/// Counts the messages in what comes; throws when one is not the next.
class Reader {
 public:
  void take(std::string_view bytes) {
    constexpr std::string_view head = "\r\n+QMTRECV: 0,0,\"bench/t\",\"";
    constexpr std::size_t size = head.size() + payload_size + 3;
    waiting_ += bytes;
    std::size_t place = 0;
    for (; waiting_.size() - place >= size; place += size) {
      const auto message = std::string_view(waiting_).substr(place, size);
      unsigned number = 0;
      std::from_chars(message.data() + head.size(), message.data() + size - 3, number);
      if (!message.starts_with(head) || number != next_)
        throw std::runtime_error(fmt::format("instead of message {}: {}", next_, message));
      ++next_;
    }
    waiting_.erase(0, place);
  }
  [[nodiscard]] unsigned count() const { return next_; }

 private:
  std::string waiting_;
  unsigned next_ = 0;
};

double rate(Port& port, unsigned count) {
  Broker broker;
  broker.serve(count);
  bench::connect_client(port, broker.port());
  port.send("AT+QMTSUB=0,1,\"bench/#\",0\r");
  port.hear("+QMTSUB: 0,1,0,0\r\n");
  broker.begin();
  const auto begin = bench::Clock::now();
  Reader reader;
  auto last = begin;
  while (reader.count() < count) {
    const auto bytes = port.read();
    if (!bytes.empty()) last = bench::Clock::now();
    if (bench::us_since(last) > 5e6) throw std::runtime_error("messages are lost");
    reader.take(bytes);
  }
  const auto took = bench::us_since(begin);
  broker.end();
  port.hear("+QMTSTAT: 0,1\r\n");
  return count / took * 1e6;
}

void measure(const Settings& settings) {
  Port port(settings.port);
  bench::Times rates;
  for (int round = 0; round < settings.rounds; ++round) rates.add(rate(port, settings.count));
  bench::tell("messages_per_s", rates.median());
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app{"Messages per second from a broker to the host"};
  app.add_option("PORT", settings.port, "A device or HOST:PORT")->required();
  app.add_option("--rounds", settings.rounds)->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option("--count", settings.count, "Messages of each round")
      ->check(CLI::Range(100, 10'000'000))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return bench::run_bench("inbound_rate", [&] { measure(settings); });
}
