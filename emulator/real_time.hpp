// Real time as the pump needs it: what it is, and one alarm. Implemented on Asio's timer, and by
// the tests' fake. Owned by the Emulator; io thread only.
#pragma once

#include <chrono>
#include <functional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace emulator {

class RealTime {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  RealTime() = default;
  virtual ~RealTime() = default;
  RealTime(const RealTime&) = delete;
  RealTime& operator=(const RealTime&) = delete;

  [[nodiscard]] virtual Moment now() const = 0;

  /// The alarm rings at `when`, or soon when that is over; never inside the call. Another one takes
  /// its place.
  virtual void ring_at(Moment when) = 0;
  virtual void cancel() = 0;

  /// What hears the alarm; set once.
  void on_alarm(std::function<void()> alarm) { alarm_ = std::move(alarm); }

 protected:
  void ring() const { alarm_(); }

 private:
  std::function<void()> alarm_;
};

class SystemTime : public RealTime {
 public:
  explicit SystemTime(boost::asio::io_context& io) : timer_(io) {}

  [[nodiscard]] Moment now() const override { return std::chrono::steady_clock::now(); }
  void ring_at(Moment when) override {
    timer_.expires_at(when);
    timer_.async_wait([this](boost::system::error_code error) {
      if (!error) ring();
    });
  }
  void cancel() override { timer_.cancel(); }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace emulator
