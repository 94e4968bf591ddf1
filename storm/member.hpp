// One modem of the fleet with what is around its host: the port and the timer, in the time of the
// loop. Owned by the Fleet.
#pragma once

#include "storm/core/host.hpp"
#include "storm/core/ready_list.hpp"
#include "storm/port_listener.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace storm {

class Member final : public PortListener {
 public:
  using Clock = std::chrono::steady_clock;

  struct Surroundings {
    boost::asio::io_context& loop;
    Clock::time_point begun;  // time zero of the run
    std::function<void()> done;
    std::function<void(const std::string& modem, const std::string& why)> port_trouble;
  };

  /// `around` has to outlive it.
  Member(const Plan& plan, const Host::Place& place, const ModemPlace& modem, Tally& tally,
         const Surroundings& around);

  void start() { watch(); }
  void finish();
  void abandon();

  void opened() override;
  void closed(const std::string& why) override;
  void heard(std::string_view bytes) override;

 private:
  [[nodiscard]] Time now() const;
  void watch();

  const Surroundings& around_;
  std::string name_;
  std::unique_ptr<HostPort> port_;
  Host host_;
  boost::asio::steady_timer timer_;
  std::optional<Time> alarm_;  // for which the timer is set
  bool told_done_ = false;
};

}  // namespace storm
