// The cellular network as the module sees it: registration, operator, signal; and whether packet
// data can flow (Bearer). Owned by the Modem, switched by Power (manual 6.1 to 6.3, 9.6, 9.8).
#pragma once

#include "at_engine/channel.hpp"
#include "at_engine/command.hpp"
#include "at_engine/urc.hpp"
#include "mqtt_backend/bearer.hpp"

#include <array>
#include <functional>
#include <string>

namespace emulator::device {

class Network : public mqtt_backend::Bearer, public at::ProfilePart {
 public:
  explicit Network(at::Announce& announce) : announce_(announce) {}

  static const std::array<at::Command<Network>, 5>& commands();

  /// Who is told that the bearer is gone.
  void on_bearer_lost(std::function<void()> listener) { bearer_lost_ = std::move(listener); }

  /// Who is told that the network is there, with its time.
  void on_registered(std::function<void()> listener) { registered_now_ = std::move(listener); }

  void attach();
  void detach();

  [[nodiscard]] bool available(int) const override { return registered_; }

  void store(at::Profile& profile) const override;
  void restore(const at::Profile& profile) override;
  void factory() override;

 private:
  /// One of +CREG, +CGREG, +CEREG: how much it reports by itself (n).
  struct Report {
    std::string_view name;
    int n = 0;
  };

  at::Outcome get_creg() { return read(reports_[0]); }
  at::Outcome get_cgreg() { return read(reports_[1]); }
  at::Outcome get_cereg() { return read(reports_[2]); }
  at::Outcome set_creg(const at::Args& args) { return write(reports_[0], args); }
  at::Outcome set_cgreg(const at::Args& args) { return write(reports_[1], args); }
  at::Outcome set_cereg(const at::Args& args) { return write(reports_[2], args); }
  at::Outcome signal();
  at::Outcome current_operator();

  at::Outcome read(const Report& report) const;
  static at::Outcome write(Report& report, const at::Args& args);
  void report_change();
  [[nodiscard]] std::string state(const Report& report) const;

  at::Announce& announce_;
  std::function<void()> bearer_lost_;
  std::function<void()> registered_now_;
  bool registered_ = false;
  std::array<Report, 3> reports_{{{"+CREG"}, {"+CGREG"}, {"+CEREG"}}};
};

}  // namespace emulator::device
