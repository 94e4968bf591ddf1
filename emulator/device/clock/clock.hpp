// The module's clock: it counts from an arbitrary start until the network (NITZ), a time server or
// the host sets it. TLS judges validity dates by it. Runs on through restarts. Owned by the Device
// (manual 6.6 to 6.8, 10.2).
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "emulator/device/settings/nvram.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emulator::device {

/// A moment as a network tells it; `zone` in quarters of an hour, -48 to 56.
struct NetworkTime {
  std::int64_t unix_ms = 0;
  int zone = 0;
  bool daylight_saving = false;
};

class Clock {
 public:
  Clock(at::Timeline& timeline, at::Announce& announce, Nvram& nvram);

  static const std::array<at::Command<Clock>, 4>& commands();

  /// UTC as the module believes it to be, Unix milliseconds.
  [[nodiscard]] std::int64_t unix_ms() const;
  [[nodiscard]] int zone() const { return zone_; }

  /// Sets the clock to a moment in UTC; the zone stays.
  void set(std::int64_t unix_ms);

  /// The network tells its time after registration; +CTZU says what becomes of it.
  void network_time(const NetworkTime& time);

  /// AT&F: no reports of the zone, from the next start on. False when that cannot be stored.
  [[nodiscard]] bool factory();

  /// The module starts: what was stored takes effect.
  void start();

  /// The clock runs on with the world's, which showed `world_ms` when the timeline stood at zero.
  void snapshot(at::Memo& memo, std::int64_t world_ms);

  /// "2017/11/04,06:51:13", of a moment in the digits it is to show.
  static std::string long_form(std::int64_t shown_ms);

 private:
  enum class ZoneUpdate { off = 0, utc = 1, local = 3 };
  enum class ZoneReport { off = 0, zone = 1, zone_and_time = 2 };

  at::Outcome read();
  at::Outcome write(const at::Args& args);
  at::Outcome get_update();
  at::Outcome set_update(const at::Args& args);
  at::Outcome get_report();
  at::Outcome set_report(const at::Args& args);
  at::Outcome synchronised(const at::Args& args);

  [[nodiscard]] std::int64_t uptime_ms() const;
  void report(const NetworkTime& time);

  at::Timeline& timeline_;
  at::Announce& announce_;
  Nvram& nvram_;
  std::int64_t unix_ms_at_start_;  // when the timeline stood at zero
  int zone_ = 0;
  bool shows_local_ = true;
  ZoneUpdate update_ = ZoneUpdate::utc;
  ZoneReport report_ = ZoneReport::off;
  std::optional<int> reported_zone_;
  std::optional<NetworkTime> last_sync_;
  std::int64_t last_sync_uptime_ms_ = 0;
};

/// What +CCLK takes.
struct ClockText {
  std::int64_t shown_ms;    // the digits as if they were UTC
  std::optional<int> zone;  // none given
};

/// Reads "yy/MM/dd,hh:mm:ss" with or without a zone "+zz" (years 2000 to 2099). Nothing for what is
/// no such moment.
std::optional<ClockText> parse_clock(std::string_view text);

}  // namespace emulator::device
