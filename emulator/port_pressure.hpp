// Hosts that read slower than the brokers send: while a port is full, whatever brings bytes from
// outside is told to read no further, as a module's own buffers would do it. A host that takes
// nothing at all for a while is no reader: its port then drops what does not fit, and the brokers
// go on. Owned by the Unit.
#pragma once

#include "emulator/wire.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace emulator {

class PortPressure {
 public:
  /// What is told. It takes part from add() to remove().
  class Source {
   public:
    virtual void ports_full(bool full) = 0;

   protected:
    ~Source() = default;
  };

  /// A full port counts as full until no more than this waits.
  static constexpr std::size_t enough_room = Wire::full / 4;
  /// How often a full port is looked at, and one whose host takes nothing.
  static constexpr std::chrono::milliseconds interval{2};
  static constexpr std::chrono::milliseconds long_interval{100};
  /// How long a host may take nothing.
  static constexpr std::chrono::seconds patience{2};

  explicit PortPressure(boost::asio::io_context& io) : timer_(io) {}
  PortPressure(const PortPressure&) = delete;
  PortPressure& operator=(const PortPressure&) = delete;

  /// Looks after `wire`, which must outlive this object's use.
  void watch(Wire& wire);

  void add(Source& source) { sources_.insert(&source); }
  void remove(Source& source) { sources_.erase(&source); }

  [[nodiscard]] bool full() const { return full_; }

 private:
  using Clock = std::chrono::steady_clock;

  struct Port {
    const Wire* wire;
    std::uint64_t taken = 0;
    Clock::time_point took_at{};
    bool full = false;
  };

  void look();
  static void look_at(Port& port, Clock::time_point now);
  void look_again();

  boost::asio::steady_timer timer_;
  std::vector<Port> ports_;
  std::set<Source*> sources_;
  bool full_ = false;
  bool looking_ = false;
  // A handler that is queued already must not touch what is gone.
  std::shared_ptr<char> life_ = std::make_shared<char>();
};

}  // namespace emulator
