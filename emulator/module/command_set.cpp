#include "emulator/module/command_set.hpp"

#include "at_engine/families/clac.hpp"
#include "at_engine/families/serial.hpp"
#include "at_engine/families/v250.hpp"
#include "emulator/device/device.hpp"
#include "mqtt_backend/qmt_commands.hpp"
#include "ssl_ctx/qssl_commands.hpp"

#include <array>
#include <memory>

namespace emulator {
namespace {

using cellular::Knob;

std::unique_ptr<at::Registry> make(bool qcfg_siblings, bool qmtpub) {
  auto registry = std::make_unique<at::Registry>();
  registry->add(at::families::V250::commands());
  registry->add(at::families::Serial::commands());
  registry->add(at::families::Clac::commands());
  device::Device::add_commands(*registry, qcfg_siblings);
  registry->add(ssl_ctx::Qssl::commands());
  registry->add(mqtt_backend::Qmt::config_commands());
  registry->add(mqtt_backend::Qmt::commands());
  if (qmtpub) registry->add(mqtt_backend::Qmt::sibling_commands());
  return registry;
}

}  // namespace

const at::Registry& command_set(const cellular::Knobs& knobs) {
  static std::array<std::unique_ptr<at::Registry>, 4> sets;
  const bool siblings = knobs.is_set(Knob::qcfg_siblings);
  const bool qmtpub = knobs.is_set(Knob::qmtpub);
  auto& set = sets[(siblings ? 2U : 0U) + (qmtpub ? 1U : 0U)];
  if (!set) set = make(siblings, qmtpub);
  return *set;
}

}  // namespace emulator
