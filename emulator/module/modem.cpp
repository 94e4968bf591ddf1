#include "emulator/module/modem.hpp"

#include <utility>

namespace emulator {
namespace {

using cellular::Knob;

device::Device::Settings device_settings(const Modem::Settings& settings) {
  auto device = settings.device;
  if (settings.knobs.is_set(Knob::urc_port)) device.urc_port = "usbat";
  device.qcfg_siblings = settings.knobs.is_set(Knob::qcfg_siblings);
  return device;
}

}  // namespace

Modem::Channel::Channel(const std::string& name_, at::Port& port, at::Tap* tap, Modem& modem)
    : name(name_),
      terminal(modem.world_.timeline, port, modem.world_.log, tap),
      serial(port),
      v250(name, terminal.channel(), modem.world_.profiles, modem.parts_for(serial),
           [&modem] { modem.device_.factory(); }),
      clac(terminal.registry()) {
  auto& registry = terminal.registry();
  registry.add(v250, at::families::V250::commands());
  registry.add(serial, at::families::Serial::commands());
  registry.add(clac, at::families::Clac::commands());
  modem.device_.add_commands(registry);
  registry.add(modem.qssl_, ssl_ctx::Qssl::commands());
  registry.add(modem.qmt_, mqtt_backend::Qmt::config_commands());
  registry.add(modem.qmt_, mqtt_backend::Qmt::commands());
  if (modem.settings_.knobs.is_set(Knob::qmtpub))
    registry.add(modem.qmt_, mqtt_backend::Qmt::sibling_commands());
}

Modem::Modem(const Settings& settings, World world)
    : settings_(settings),
      world_(std::move(world)),
      latency_(settings_.latency),
      device_(device_settings(settings_),
              {world_.timeline, world_.log, latency_, world_.nvram, world_.files, world_.internet,
               world_.meter},
              {[this] { switched_on(); }, [this] { switched_off(); },
               [this](const std::string& line) { last_words(line); },
               [this](int cid) { bearer_lost(cid); }}),
      client_world_{world_.timeline,
                    device_.urcs(),
                    world_.log,
                    latency_,
                    settings_.knobs,
                    device_.pdp(),
                    [this] { return device_.clock().unix_ms(); },
                    [this](int ctx) {
                      return contexts_.request(ctx, device_.ufs(),
                                               device_.clock().unix_ms() / 1000);
                    },
                    settings_.time_scale},
      qmt_(clients_, settings_.knobs) {
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    links_[i] = world_.make_link(static_cast<int>(i));
    clients_[i] =
        std::make_unique<mqtt_backend::Client>(static_cast<int>(i), client_world_, *links_[i]);
  }
}

/// Settings of the whole module belong to the profile of the first channel.
std::vector<at::ProfilePart*> Modem::parts_for(at::families::Serial& serial) {
  std::vector<at::ProfilePart*> parts{&serial};
  if (!channels_.empty()) return parts;
  for (auto* part : device_.profile_parts()) parts.push_back(part);
  return parts;
}

at::Terminal& Modem::add_channel(const std::string& name, at::Port& port, at::Tap* tap) {
  channels_.push_back(std::make_unique<Channel>(name, port, tap, *this));
  auto& terminal = channels_.back()->terminal;
  device_.urcs().add(name, terminal);
  terminal.power(device_.power().is_ready());
  return terminal;
}

void Modem::last_words(const std::string& line) {
  if (channels_.empty()) return;
  channels_.front()->terminal.reset();
  channels_.front()->terminal.announce(line);
}

void Modem::switched_on() {
  for (auto& channel : channels_) {
    channel->serial.start(world_.profiles.load(channel->name));
    channel->v250.restore();
    channel->terminal.power(true);
  }
}

void Modem::switched_off() {
  for (auto& client : clients_) client->reset();
  contexts_.reset();
  for (auto& channel : channels_) channel->terminal.power(false);
}

void Modem::bearer_lost(int cid) {
  for (auto& client : clients_)
    if (client->cid() == cid) client->bearer_lost();
}

}  // namespace emulator
