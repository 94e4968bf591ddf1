#include "emulator/snapshot/scratch.hpp"

#include <utility>

namespace emulator::snapshot {
namespace {

/// Leads nowhere; the clients of a scratch are idle.
class NoLink : public mqtt_backend::Link {
 public:
  void listen(Listener) override {}
  void watch(Watcher) override {}
  void open(const mqtt_backend::Endpoint&) override {}
  void connect(const mqtt_backend::ConnectRequest&) override {}
  mqtt_backend::Ticket subscribe(std::uint16_t,
                                 const std::vector<mqtt_backend::TopicFilter>&) override {
    return {};
  }
  mqtt_backend::Ticket unsubscribe(std::uint16_t, const std::vector<std::string>&) override {
    return {};
  }
  mqtt_backend::Ticket publish(mqtt_backend::PublishRequest) override { return {}; }
  void resend(mqtt_backend::Ticket) override {}
  void ping() override {}
  void disconnect() override {}
  [[nodiscard]] bool delivered() const override { return true; }
  void back_pressure(bool) override {}
  [[nodiscard]] bool inject(std::vector<std::uint8_t>) override { return false; }
  void close() override {}
};

Modem::Settings in_scene(Modem::Settings settings, const device::Scene& scene) {
  settings.device.scenario = {{at::Duration::zero(), scene, {}}};
  return settings;
}

}  // namespace

Scratch::Memory::Memory(const Stores& content) : stores(content) {
  for (const auto& [name, bytes] : stores.files) sizes_[name] = bytes.size();
}

std::optional<at::Profile> Scratch::Memory::load(const std::string& channel) {
  const auto found = stores.profiles.find(channel);
  if (found == stores.profiles.end()) return std::nullopt;
  return found->second;
}

bool Scratch::Memory::save(const at::Profiles& changes) {
  for (const auto& [channel, profile] : changes) stores.profiles[channel] = profile;
  return true;
}

const at::Profiles& Scratch::Memory::all_profiles() const { return stores.profiles; }

bool Scratch::Memory::replace_profiles(const at::Profiles& profiles) {
  stores.profiles = profiles;
  return true;
}

std::optional<std::string> Scratch::Memory::get(std::string_view name) const {
  const auto found = stores.settings.find(name);
  if (found == stores.settings.end()) return std::nullopt;
  return found->second;
}

bool Scratch::Memory::set(std::string_view name, const std::string& value) {
  stores.settings[std::string(name)] = value;
  return true;
}

const device::Nvram::Settings& Scratch::Memory::all_settings() const { return stores.settings; }

bool Scratch::Memory::replace_settings(const Settings& settings) {
  stores.settings = settings;
  return true;
}

std::optional<std::string> Scratch::Memory::read(const std::string& name) const {
  const auto found = stores.files.find(name);
  if (found == stores.files.end()) return std::nullopt;
  return found->second;
}

bool Scratch::Memory::write(const std::string& name, std::string_view content) {
  stores.files[name] = content;
  sizes_[name] = content.size();
  return true;
}

bool Scratch::Memory::remove(const std::string& name) {
  sizes_.erase(name);
  return stores.files.erase(name) != 0;
}

Scratch::Scratch(const Modem::Settings& original, const device::Scene& scene, const Stores& stores,
                 const std::vector<std::string>& channels)
    : memory_(stores),
      modem_(in_scene(original, scene),
             {timeline_, silence_, memory_, memory_, memory_, internet_, transport_,
              [](int) { return std::make_unique<NoLink>(); }}) {
  for (const auto& name : channels) modem_.add_channel(name, silence_);
}

}  // namespace emulator::snapshot
