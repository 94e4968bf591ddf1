#include "emulator/module/modem.hpp"

#include "emulator/module/command_set.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace emulator {
namespace {

using cellular::Knob;

device::Device::Settings device_settings(const Modem::Settings& settings) {
  auto device = settings.device;
  if (settings.knobs.is_set(Knob::urc_port)) device.urc_port = "usbat";
  device.qcfg_siblings = settings.knobs.is_set(Knob::qcfg_siblings);
  device.results_to_asker = !settings.knobs.is_set(Knob::result_port);
  return device;
}

}  // namespace

Modem::Channel::Channel(const std::string& name_, at::Port& port, at::Observer* observer,
                        Modem& modem)
    : name(name_),
      observers(observer, modem.world_.observer),
      terminal(modem.world_.timeline, port, modem.world_.log, modem.registry_,
               at::Asker{++modem.last_channel_}, observers.whom(), modem.world_.interceptor),
      serial(port),
      v250(
          name, terminal.channel(), modem.world_.profiles, modem.parts_for(serial),
          [&modem] { return modem.device_.factory(); }, [this] { terminal.update_lines(); }),
      clac(modem.registry_) {
  terminal.bind(v250);
  terminal.bind(serial);
  terminal.bind(clac);
  modem.device_.bind_to(terminal);
  terminal.bind(modem.qssl_);
  terminal.bind(modem.qmt_);
}

Modem::Modem(const Settings& settings, World world)
    : settings_(settings),
      world_(std::move(world)),
      registry_(command_set(settings_.knobs)),
      latency_(settings_.latency),
      device_(device_settings(settings_),
              {world_.timeline, world_.log, latency_, world_.nvram, world_.files, world_.internet,
               world_.meter, world_.observer},
              {[this] { switched_on(); }, [this] { switched_off(); },
               [this](at::Asker asker, const std::string& line) { power_down_urc(asker, line); },
               [this](bool active) {
                 for (auto& channel : channels_) channel->terminal.ring(active);
               }}),
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
                    settings_.time_scale,
                    world_.observer},
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

at::Terminal& Modem::add_channel(const std::string& name, at::Port& port, at::Observer* observer) {
  channels_.push_back(std::make_unique<Channel>(name, port, observer, *this));
  auto& terminal = channels_.back()->terminal;
  device_.urcs().add(terminal.asker(), name, terminal);
  terminal.power(device_.power().is_ready());
  return terminal;
}

void Modem::remove_channel(const at::Terminal& terminal) {
  device_.urcs().remove(terminal.asker());
  std::erase_if(channels_, [&](const auto& channel) { return &channel->terminal == &terminal; });
}

void Modem::power_down_urc(at::Asker asker, const std::string& line) {
  const auto to = device_.urcs().channels_for(asker);
  for (auto& channel : channels_) {
    if (std::find(to.begin(), to.end(), &channel->terminal) == to.end()) continue;
    channel->terminal.reset();
    channel->terminal.announce(line);
  }
}

std::optional<std::string> Modem::busy() {
  if (auto what = device_.busy()) return what;
  for (const auto& client : clients_)
    if (client->state() != mqtt_backend::ClientState::idle)
      return fmt::format("client {} is {}", client->index(), name_of(client->state()));
  for (const auto& channel : channels_)
    if (const auto what = channel->terminal.busy())
      return fmt::format("{} on channel {}", *what, channel->name);
  return std::nullopt;
}

void Modem::snapshot(at::Memo& memo) {
  if (memo.restoring())
    for (auto& channel : channels_) {
      channel->serial.start(world_.profiles.load(channel->name));
      channel->v250.restore();
    }
  device_.snapshot(memo);
  snapshot_channels(memo);
  qssl_.snapshot(memo);
  memo.list("clients", clients_, [&](const auto& client) {
    if (memo.restoring()) client->forget_results();
    mqtt_backend::Qmt::snapshot(memo, client->config());
  });
}

void Modem::snapshot_channels(at::Memo& memo) {
  if (memo.restoring())
    for (auto& channel : channels_) channel->terminal.power(device_.power().is_ready());
  std::vector<std::string> names;
  for (const auto& channel : channels_) names.push_back(channel->name);
  memo.list("channels", names, max_channels, [&](std::string& name) {
    memo.text("name", name, at::text("name", 1, 64));
    const auto found = std::find_if(channels_.begin(), channels_.end(),
                                    [&](const auto& channel) { return channel->name == name; });
    if (found == channels_.end()) return;
    (*found)->v250.snapshot(memo);
    (*found)->serial.snapshot(memo);
    (*found)->terminal.snapshot(memo);
  });
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

}  // namespace emulator
