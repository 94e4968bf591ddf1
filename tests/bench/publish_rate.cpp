// Publishes of qos 1 per second with five under way: through the modem, whose host types ahead, and
// through Eclipse Paho alone, by turns, to the same broker.
#include "tests/bench/port.hpp"
#include "tests/bench/times.hpp"

#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>
#include <MQTTAsync.h>

namespace {

constexpr int window = 5;
constexpr const char* topic = "bench/t";
const std::string payload(100, 'x');

struct Settings {
  std::string port;
  unsigned broker = 0;
  int rounds = 7;
  int count = 5000;  // of each round
};

class Modem {
 public:
  explicit Modem(const Settings& settings) : port_(settings.port) {
    bench::connect_client(port_, settings.broker);
  }
  void publish(int count) {
    for (int i = 0; i < window; ++i) type();
    for (int left = count; left > 0; --left) {
      port_.hear("\r\n+QMTPUBEX: 0,");
      if (!port_.hear("\r\n").ends_with(",0\r\n")) throw std::runtime_error("a publish has failed");
      if (left > window) type();
    }
  }

 private:
  void type() {
    const auto id = next_id_++ % 60'000 + 1;
    port_.send(
        fmt::format("AT+QMTPUBEX=0,{},1,0,\"{}\",{}\r{}", id, topic, payload.size(), payload));
  }

  bench::Port port_;
  unsigned next_id_ = 0;
};

class Paho {
 public:
  explicit Paho(unsigned broker) {
    const auto address = "tcp://127.0.0.1:" + std::to_string(broker);
    MQTTAsync_create(&client_, address.c_str(), "bench-paho", MQTTCLIENT_PERSISTENCE_NONE, nullptr);
    MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
    options.maxInflight = window;
    options.context = this;
    options.onSuccess = [](void* self, MQTTAsync_successData*) { done(self); };
    options.onFailure = [](void* self, MQTTAsync_failureData*) { failed(self); };
    MQTTAsync_connect(client_, &options);
    wait(1);
  }
  ~Paho() { MQTTAsync_destroy(&client_); }
  Paho(const Paho&) = delete;
  Paho& operator=(const Paho&) = delete;

  void publish(int count) {
    done_ = 0;
    left_ = count - window;
    for (int i = 0; i < window; ++i) send();
    wait(count);
  }

 private:
  void send() {
    MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
    options.context = this;
    options.onSuccess = [](void* self, MQTTAsync_successData*) { done(self); };
    options.onFailure = [](void* self, MQTTAsync_failureData*) { failed(self); };
    MQTTAsync_send(client_, topic, static_cast<int>(payload.size()), payload.data(), 1, 0,
                   &options);
  }
  static void done(void* self) {
    auto& paho = *static_cast<Paho*>(self);
    const std::lock_guard lock(paho.mutex_);
    ++paho.done_;
    if (paho.left_ > 0) {
      --paho.left_;
      paho.send();
    }
    paho.changed_.notify_one();
  }
  static void failed(void* self) {
    auto& paho = *static_cast<Paho*>(self);
    const std::lock_guard lock(paho.mutex_);
    paho.has_failed_ = true;
    paho.changed_.notify_one();
  }
  void wait(int count) {
    std::unique_lock lock(mutex_);
    const bool is_over = changed_.wait_for(lock, std::chrono::seconds(60),
                                           [&] { return has_failed_ || done_ >= count; });
    if (!is_over || has_failed_) throw std::runtime_error("Paho has failed");
  }

  MQTTAsync client_ = nullptr;
  std::mutex mutex_;
  std::condition_variable changed_;
  int done_ = 0;
  int left_ = 0;
  bool has_failed_ = false;
};

template <class Publisher>
double rate(Publisher& publisher, int count) {
  const auto begin = bench::Clock::now();
  publisher.publish(count);
  return count / bench::us_since(begin) * 1e6;
}

void compare(const Settings& settings) {
  Modem modem(settings);
  Paho paho(settings.broker);
  bench::Times through_modem;
  bench::Times bare;
  bench::Times ratio;
  modem.publish(settings.count / 10);
  paho.publish(settings.count / 10);
  for (int round = 0; round < settings.rounds; ++round) {
    through_modem.add(rate(modem, settings.count));
    bare.add(rate(paho, settings.count));
    ratio.add(through_modem.last() / bare.last());
  }
  bench::tell("modem_per_s", through_modem.median());
  bench::tell("paho_per_s", bare.median());
  bench::tell("ratio", ratio.median());
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app{"Publishes per second with a full window, against Eclipse Paho alone"};
  app.add_option("PORT", settings.port, "A device or HOST:PORT")->required();
  app.add_option("BROKER", settings.broker, "Its port on 127.0.0.1")->required();
  app.add_option("--rounds", settings.rounds)->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option("--count", settings.count, "Publishes of each round")
      ->check(CLI::Range(100, 1'000'000))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return bench::run_bench("publish_rate", [&] { compare(settings); });
}
