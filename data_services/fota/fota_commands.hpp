// AT+QFOTADL (manual 11.2; FOTA-1, FOTA-4): its declaration, and the handler that turns arguments
// into an order to the Fota. Owned by the Modem.
#pragma once

#include "at_engine/command.hpp"
#include "data_services/fota/fota.hpp"

#include <array>

namespace data_services {

class Qfotadl {
 public:
  explicit Qfotadl(Fota& fota) : fota_(fota) {}

  static const std::array<at::Command<Qfotadl>, 1>& commands();

 private:
  at::Outcome update(const at::Args& args);

  Fota& fota_;
};

}  // namespace data_services
