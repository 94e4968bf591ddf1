// A bad network in front of a good broker: passes the bytes of one TCP link after the other, and
// cuts after n bytes, stalls, delays or splits them as the test wants. Works in a thread of its
// own. Owned by a test case.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace support {

class FlakyRelay {
 public:
  struct Plan {
    /// After this many bytes from the modem (to the modem) both sides are cut.
    std::optional<std::size_t> cut_up;
    std::optional<std::size_t> cut_down;
    /// Cut by RST, else by FIN.
    bool reset = true;
    /// Most bytes in one write.
    std::size_t piece = 65536;
    /// Before each write.
    std::chrono::microseconds delay{0};
  };

  FlakyRelay(std::uint16_t broker, Plan standard);
  ~FlakyRelay();
  FlakyRelay(const FlakyRelay&) = delete;
  FlakyRelay& operator=(const FlakyRelay&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Links so far.
  [[nodiscard]] int links() const { return links_; }

  /// For the next link that has no plan yet; without one it gets the standard plan.
  void plan_next(const Plan& plan);
  /// While on, nothing of the broker reaches the modem; it is kept, and comes when it is off.
  void stall_down(bool on);

 private:
  struct Way {
    int from = -1;
    int to = -1;
    std::optional<std::size_t> left;
  };

  void serve();
  /// False when the relay is to end.
  bool pass(const Plan& plan, int modem, int broker);
  /// False when the link is to be cut.
  bool move(const Plan& plan, Way& way) const;
  bool pause(std::chrono::microseconds time) const;
  void wake() const;

  std::uint16_t broker_;
  Plan standard_;
  int listener_ = -1;
  int wake_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> links_{0};
  std::atomic<bool> stalled_{false};
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::deque<Plan> plans_;
  std::thread thread_;
};

}  // namespace support
