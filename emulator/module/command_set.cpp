#include "emulator/module/command_set.hpp"

#include "at_engine/families/clac.hpp"
#include "at_engine/families/serial.hpp"
#include "at_engine/families/v250.hpp"
#include "data_services/fota/fota_commands.hpp"
#include "data_services/ftp/ftp_commands.hpp"
#include "data_services/http/http_commands.hpp"
#include "data_services/ppp/dial_commands.hpp"
#include "data_services/sockets/socket_commands.hpp"
#include "data_services/sockets/ssl_socket_commands.hpp"
#include "emulator/device/device.hpp"
#include "emulator/module/cmux.hpp"
#include "mqtt_backend/qmt_commands.hpp"
#include "ssl_ctx/qssl_commands.hpp"

#include <array>
#include <memory>

namespace emulator {
namespace {

using cellular::Knob;

std::unique_ptr<at::Registry> make(const cellular::Knobs& knobs) {
  auto registry = std::make_unique<at::Registry>();
  registry->add(at::families::V250::commands());
  registry->add(at::families::Serial::commands());
  registry->add(at::families::Clac::commands());
  registry->add(Cmux::commands());
  registry->add(data_services::ppp::Dial::commands());
  device::Device::add_commands(*registry, knobs.is_set(Knob::qcfg_siblings),
                               knobs.is_set(Knob::siblings));
  registry->add(ssl_ctx::Qssl::commands());
  registry->add(mqtt_backend::Qmt::config_commands());
  registry->add(mqtt_backend::Qmt::commands());
  registry->add(data_services::Qi::config_commands());
  registry->add(data_services::Qi::commands());
  registry->add(data_services::QsslSockets::commands());
  registry->add(data_services::Qftp::config_commands());
  registry->add(data_services::Qftp::commands());
  registry->add(data_services::Qfotadl::commands());
  registry->add(data_services::Qhttp::config_commands());
  registry->add(data_services::Qhttp::commands());
  if (knobs.is_set(Knob::siblings)) registry->add(data_services::Qhttp::sibling_commands());
  if (knobs.is_set(Knob::qmtpub)) registry->add(mqtt_backend::Qmt::sibling_commands());
  if (knobs.is_set(Knob::siblings)) registry->add(data_services::Qi::sibling_commands());
  return registry;
}

}  // namespace

const at::Registry& command_set(const cellular::Knobs& knobs) {
  constexpr std::array deciding{Knob::qcfg_siblings, Knob::qmtpub, Knob::siblings};
  static std::array<std::unique_ptr<at::Registry>, 1U << deciding.size()> sets;
  std::size_t index = 0;
  for (const auto knob : deciding) index = index * 2 + (knobs.is_set(knob) ? 1 : 0);
  auto& set = sets[index];
  if (!set) set = make(knobs);
  return *set;
}

}  // namespace emulator
