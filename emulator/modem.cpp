#include "emulator/modem.hpp"

#include <utility>

namespace emulator {

Modem::Channel::Channel(const std::string& name, at::Port& port, at::Tap* tap, Modem& modem)
    : terminal(modem.world_.timeline, port, modem.world_.log, tap),
      v250(name, terminal.channel(), modem.world_.flash, modem.shared_settings()) {
  auto& registry = terminal.registry();
  registry.add(v250, at::families::V250::commands());
  registry.add(modem.identity_, device::Identity::commands());
  registry.add(modem.power_, device::Power::commands());
  registry.add(modem.sim_, device::Sim::commands());
  registry.add(modem.network_, device::Network::commands());
  registry.add(modem.clock_, device::Clock::commands());
  registry.add(modem.ufs_, device::Ufs::commands());
  registry.add(modem.qssl_, ssl_ctx::Qssl::commands());
  registry.add(modem.qmt_, mqtt_backend::Qmt::config_commands());
  registry.add(modem.qmt_, mqtt_backend::Qmt::commands());
  if (modem.settings_.knobs.is_set(mqtt_backend::Knob::qmtpub))
    registry.add(modem.qmt_, mqtt_backend::Qmt::sibling_commands());
}

Modem::Modem(const Settings& settings, World world)
    : settings_(settings),
      world_(std::move(world)),
      latency_(settings_.latency),
      identity_(*settings_.model),
      clock_(world_.timeline),
      network_(*this),
      ufs_(world_.files),
      power_(world_.timeline, *this, latency_, sim_, network_,
             {[this] { switched_off(); }, [this] { switched_on(); },
              [this](std::string line) { last_words(std::move(line)); }}),
      client_world_{
          world_.timeline,
          *this,
          world_.log,
          latency_,
          settings_.knobs,
          network_,
          [this] { return clock_.unix_ms(); },
          [this](int ctx) { return contexts_.request(ctx, ufs_, clock_.unix_ms() / 1000); },
          settings_.time_scale},
      qmt_(clients_, settings_.knobs) {
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    links_[i] = world_.make_link(static_cast<int>(i));
    clients_[i] =
        std::make_unique<mqtt_backend::Client>(static_cast<int>(i), client_world_, *links_[i]);
  }
  network_.on_registered([this] { take_network_time(); });
  network_.on_bearer_lost([this] {
    for (auto& client : clients_) client->bearer_lost();
  });
}

/// Settings of the whole module belong to the profile of the first channel.
std::vector<at::ProfilePart*> Modem::shared_settings() {
  if (!channels_.empty()) return {};
  return {&network_};
}

at::Terminal& Modem::add_channel(const std::string& name, at::Port& port, at::Tap* tap) {
  channels_.push_back(std::make_unique<Channel>(name, port, tap, *this));
  auto& terminal = channels_.back()->terminal;
  terminal.power(power_.is_on());
  return terminal;
}

void Modem::announce(std::string line) {
  if (!channels_.empty()) channels_.front()->terminal.announce(std::move(line));
}

void Modem::last_words(std::string line) {
  if (channels_.empty()) return;
  channels_.front()->terminal.reset();
  announce(std::move(line));
}

void Modem::take_network_time() {
  const auto since = world_.timeline.now().time_since_epoch();
  clock_.set(settings_.unix_ms_at_start +
                 std::chrono::duration_cast<std::chrono::milliseconds>(since).count(),
             0);
}

void Modem::switched_on() {
  for (auto& channel : channels_) {
    channel->v250.restore();
    channel->terminal.power(true);
  }
}

void Modem::switched_off() {
  for (auto& client : clients_) client->reset();
  contexts_.reset();
  ufs_.close_all();
  for (auto& channel : channels_) channel->terminal.power(false);
}

}  // namespace emulator
