// Data calls: ATD, ATH, ATO, +CGDATA, +QPPPDROP (PPP-1 to PPP-10; manual 2.26, 9.4). One call at a
// time in the module. Owned by the Modem.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/pending.hpp"
#include "data_services/ppp/ppp_call.hpp"
#include "data_services/ppp/ppp_world.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace data_services::ppp {

class Dial {
 public:
  explicit Dial(const PppWorld& world)
      : world_(world), calling_(world.timeline, at::Outcome::no_carrier()) {}

  static const std::array<at::Command<Dial>, 5>& commands();

  /// The call that is under way, or null.
  [[nodiscard]] std::shared_ptr<const Call> call() const { return call_.lock(); }

  /// The module stops.
  void reset() { calling_.cancel(); }
  [[nodiscard]] std::optional<std::string> busy() const {
    if (calling_.busy() || !call_.expired()) return "a data call is under way";
    return std::nullopt;
  }

 private:
  at::Outcome dial(const at::Args& args);
  at::Outcome hang_up(const at::Args& args);
  at::Outcome go_online(const at::Args& args);
  at::Outcome enter_data_state(const at::Args& args);
  at::Outcome drop(const at::Args& args);
  at::Outcome begin(int cid);
  at::Outcome connect(int cid);

  const PppWorld& world_;
  at::Pending calling_;
  at::Ground ground_;
  std::weak_ptr<Call> call_;
};

}  // namespace data_services::ppp
