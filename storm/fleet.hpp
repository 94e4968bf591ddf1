// All modems of a run with their hosts, in one loop: starts them, lets them publish for the time
// that was asked for or until a signal comes, and waits for their orderly end. Owned by main.
#pragma once

#include "storm/core/plan.hpp"
#include "storm/core/progress.hpp"
#include "storm/core/ready_list.hpp"
#include "storm/core/report.hpp"
#include "storm/member.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace storm {

class Fleet {
 public:
  /// Of ports that could not be used so many are told of.
  static constexpr int max_complaints = 3;

  struct Settings {
    Plan plan;
    std::vector<ModemPlace> modems;
    unsigned first = 0;                     // N of the first of them
    Time connect_interval{};                // from one modem's start to the next
    Time lasts = std::chrono::seconds(60);  // from the start until no more is sent
    std::uint32_t seed = 1;
    Progress::Kind progress = Progress::Kind::lines;
  };

  explicit Fleet(Settings settings);
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  /// Until SIGINT or SIGTERM too; a second one cuts the end short.
  [[nodiscard]] Course run();

  [[nodiscard]] const Plan& plan() const { return settings_.plan; }
  [[nodiscard]] const Tally& tally() const { return tally_; }

 private:
  void watch_signals();
  void show_progress();
  void complain(const std::string& modem, const std::string& why);
  void finish();
  void member_done();
  [[nodiscard]] Time now() const;

  Settings settings_;
  Tally tally_;
  Progress progress_;
  boost::asio::io_context loop_{1};
  boost::asio::signal_set signals_{loop_};
  boost::asio::steady_timer end_{loop_};
  boost::asio::steady_timer progress_timer_{loop_};
  std::optional<Member::Surroundings> around_;
  std::vector<std::unique_ptr<Member>> members_;
  std::size_t running_ = 0;
  int complaints_ = 0;
  bool finishing_ = false;
  Course course_{};
};

}  // namespace storm
