// Updates of the firmware over the air, as hosts see them (FOTA-1 to FOTA-5): a package comes from
// a server or from the flash, is checked and noted, and is played behind the next start of the
// module. Owned by the Modem.
#pragma once

#include "at_engine/timeline.hpp"
#include "data_services/fota/download.hpp"
#include "data_services/fota/firmware.hpp"
#include "data_services/fota/package.hpp"
#include "data_services/fota/source.hpp"
#include "data_services/ftp/ftp_session.hpp"
#include "data_services/http/http_session.hpp"
#include "data_services/service_world.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace data_services {

/// What it lives on; all outlives it.
struct FotaWorld {
  /// How long the steps of an update take.
  struct Times {
    at::Duration check{};   // a package that is here
    at::Duration reset{};   // from the last word to a restart
    at::Duration start{};   // from RDY to the beginning
    at::Duration update{};  // from there to the end
  };

  ServiceWorld services;
  HttpSession& http;  // as the host has set it
  FtpSession& ftp;    // likewise
  FirmwareStore& firmware;
  std::function<Times()> times;
  std::function<int()> cid;
  std::function<void()> restart;  // the module; ends with reset()
};

class Fota {
 public:
  /// Starts that an update may take that is broken off every time.
  static constexpr int max_starts = 3;

  struct Order {
    FotaSource source;
    bool automatic = true;  // restarts the module once the package is here
    at::Duration patience = std::chrono::seconds(60);
    int retries = 6;
    at::Duration interval = std::chrono::seconds(6);
  };

  explicit Fota(FotaWorld world) : world_(std::move(world)), timer_(world_.services.timeline) {}
  Fota(const Fota&) = delete;
  Fota& operator=(const Fota&) = delete;

  [[nodiscard]] const Files& files() const { return world_.services.files; }
  /// It downloads, checks or updates: nothing else can begin.
  [[nodiscard]] bool is_busy() const { return busy_; }

  /// What it does is told by URCs. False when the file is not there. Only while it is not busy.
  [[nodiscard]] bool begin(Order order);

  /// The module has started. True when that was for an update, which then ends in a restart.
  [[nodiscard]] bool update();

  /// The module stops: a download is forgotten, an update begins again at the next start.
  void reset();

  /// "idle", "downloading" (or checking), "waiting" (for a reset of the module) or "updating"; for
  /// a person.
  [[nodiscard]] std::string_view activity() const;

  /// What is under way, if anything is.
  [[nodiscard]] std::optional<std::string> busy() const;

 private:
  void say(std::string_view what) const;
  void say(std::string_view what, FotaError error) const;
  void try_download();
  void over(Download::End end);
  void tried(Download::End end);
  void take_file(std::string_view content);
  void check();
  void checked(FotaError error);
  void restart_soon();
  void play(const PackageHead& head, std::size_t step);
  /// The note of a package that the next start plays; empty without one.
  [[nodiscard]] std::string waiting() const;
  [[nodiscard]] FotaError obstacle(const std::optional<PackageHead>& head);
  void discard_waiting();
  void finish(FotaError error);

  FotaWorld world_;
  Order order_{};
  bool busy_ = false;
  bool updating_ = false;
  int tries_left_ = 0;
  std::unique_ptr<PackageReader> reader_;
  std::unique_ptr<Download> download_;
  at::Timer timer_;
  std::string passed_over_;  // a note that is done with and could not be taken away
};

}  // namespace data_services
