// Hosts that read slower than the brokers send: while a port is full, whatever brings bytes from
// outside is told to read no further, as a module's own buffers would do it. A host that takes
// nothing at all for a while is no reader: its port then drops what does not fit, and the brokers
// go on. Owned by the Unit.
#pragma once

#include "emulator/wire.hpp"
#include "net/activity.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace emulator {

class PortPressure : private net::Activity::Source {
 public:
  /// What is told. It takes part from add() to remove().
  class Tap {
   public:
    virtual void ports_full(bool full) = 0;

   protected:
    ~Tap() = default;
  };

  /// A full port counts as full until no more than this waits.
  static constexpr std::size_t enough_room = Wire::full / 4;
  /// How often a full port is looked at, and one whose host takes nothing.
  static constexpr std::chrono::milliseconds interval{2};
  static constexpr std::chrono::milliseconds long_interval{100};
  /// How long a host may take nothing.
  static constexpr std::chrono::seconds patience{2};

  PortPressure(boost::asio::io_context& io, std::shared_ptr<net::Activity> activity)
      : Source(std::move(activity)), timer_(io) {}
  PortPressure(const PortPressure&) = delete;
  PortPressure& operator=(const PortPressure&) = delete;

  /// Looks after `wire`, which must outlive this object's use.
  void watch(Wire& wire);

  void add(Tap& tap) { taps_.insert(&tap); }
  void remove(Tap& tap) { taps_.erase(&tap); }

  [[nodiscard]] bool full() const { return full_; }

 private:
  using Clock = std::chrono::steady_clock;

  struct Port {
    const Wire* wire;
    std::uint64_t taken = 0;
    Clock::time_point took_at{};
    bool full = false;
    // As it was when under_way() was asked.
    std::uint64_t taken_before = 0;
    Clock::time_point moved_at{};
  };

  /// Something waits for a host that still takes.
  [[nodiscard]] bool under_way() override;
  void look();
  static void look_at(Port& port, Clock::time_point now);
  void look_again();

  boost::asio::steady_timer timer_;
  std::vector<Port> ports_;
  std::set<Tap*> taps_;
  bool full_ = false;
  bool looking_ = false;
  // A handler that is queued already must not touch what is gone.
  std::shared_ptr<char> life_ = std::make_shared<char>();
};

}  // namespace emulator
