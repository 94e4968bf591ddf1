// One loop of the program with what the modems on it share: their time, and the use of the MQTT
// library. The first is the main thread's, which everything else is on too; each of the others
// (--threads) has a thread of its own from begin() to end(). What is on a shard is touched by its
// thread alone, or by the main thread while there is none. Owned by the Emulator.
#pragma once

#include "at_engine/timeline.hpp"
#include "emulator/event_loop.hpp"
#include "emulator/pump.hpp"
#include "emulator/real_time.hpp"
#include "mqtt_backend/link/paho_world.hpp"

#include <optional>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

namespace emulator {

class Shard {
 public:
  /// `failed` is called in the shard's own thread.
  Shard(double time_scale, EventLoop::Failed failed)
      : loop_(io_, std::move(failed)),
        real_time_(io_),
        pump_(real_time_, timeline_, time_scale),
        paho_(io_) {}
  ~Shard() { end(); }
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  [[nodiscard]] boost::asio::io_context& io() { return io_; }
  [[nodiscard]] EventLoop& loop() { return loop_; }
  [[nodiscard]] at::Timeline& timeline() { return timeline_; }
  [[nodiscard]] Pump& pump() { return pump_; }
  [[nodiscard]] mqtt_backend::PahoWorld& paho() { return paho_; }

  /// Runs in a thread from now on. False when the system has none to give.
  [[nodiscard]] bool begin();
  /// Waits until the thread is no more. What was to be done yet is not done.
  void end();

 private:
  boost::asio::io_context io_;
  EventLoop loop_;
  at::Timeline timeline_;
  SystemTime real_time_;
  Pump pump_;
  mqtt_backend::PahoWorld paho_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::thread thread_;
};

}  // namespace emulator
