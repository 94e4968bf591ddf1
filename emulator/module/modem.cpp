#include "emulator/module/modem.hpp"

#include "emulator/module/channel_names.hpp"
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
  device.knobs = settings.knobs;
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
          modem.shared_parts(), [&modem] { return modem.device_.factory(); },
          [this] { terminal.update_lines(); }),
      clac(modem.registry_) {
  terminal.bind(v250);
  terminal.bind(serial);
  terminal.bind(clac);
  modem.device_.bind_to(terminal);
  terminal.bind(modem.qssl_);
  terminal.bind(modem.qmt_);
  terminal.bind(modem.qi_);
  terminal.bind(modem.qssl_sockets_);
  terminal.bind(modem.qhttp_);
  terminal.bind(modem.qftp_);
  terminal.bind(modem.qfotadl_);
  terminal.bind(modem.dial_);
  terminal.bind(modem.cmux_);
}

void Modem::Channel::begin(at::ProfileStore& profiles, bool ready) {
  serial.start(profiles.load(name));
  v250.restore();
  terminal.power(ready);
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
                 // reading: the ring indicator is a line of the port, which no DLCI has
                 for (auto& channel : channels_)
                   if (!is_dlci(*channel)) channel->terminal.ring(active);
               }}),
      client_world_{world_.timeline,
                    device_.urcs(),
                    world_.log,
                    latency_,
                    settings_.knobs,
                    device_.pdp(),
                    [this] { return device_.clock().unix_ms(); },
                    [this](int ctx) { return tls_request(ctx); },
                    settings_.time_scale,
                    world_.observer},
      qmt_(clients_, settings_.knobs),
      sockets_({world_.timeline, device_.urcs(), world_.log, latency_, settings_.knobs,
                device_.pdp(), world_.transport, device_.pdp().last_error(),
                [this](int cid) { return device_.pdp().stack_up(cid); },
                [this](int cid) { return device_.pdp().address(cid); },
                [this](int ctx) { return tls_request(ctx); },
                [this](at::Asker asker) { return name_of(asker); },
                [this] { return device_.tcp_send_mode(); },
                [this] { return device_.echoes_payload(); }}),
      service_files_(device_.ufs()),
      http_(service_world()),
      ftp_(service_world()),
      firmware_(device_.identity(), world_.nvram),
      fota_(fota_world()),
      ppp_world_(ppp_world()),
      cmux_(settings_.knobs, cmux_module()) {
  device_.pdp().on_deactivation([this](int cid) { sockets_.deactivated(cid); });
  device_.power().ask_for_update([this] { return fota_.update(); });
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    links_[i] = world_.make_link(static_cast<int>(i));
    clients_[i] =
        std::make_unique<mqtt_backend::Client>(static_cast<int>(i), client_world_, *links_[i]);
  }
}

data_services::ServiceWorld Modem::service_world() {
  return {world_.timeline,
          device_.urcs(),
          world_.log,
          latency_,
          settings_.knobs,
          device_.pdp(),
          world_.transport,
          service_files_,
          [this](int cid) { return device_.pdp().stack_up(cid); },
          [this](int ctx) { return tls_request(ctx); }};
}

// reading: an update brings its context up by itself, as the notes of siblings show no AT+QIACT
data_services::FotaWorld Modem::fota_world() {
  auto services = service_world();
  services.brings_up = true;
  return {std::move(services),
          http_,
          ftp_,
          firmware_,
          [this] {
            using std::chrono::milliseconds;
            const auto& times = device_.scenario().now().fota;
            return data_services::FotaWorld::Times{
                milliseconds(times.check_ms), milliseconds(times.reset_ms),
                milliseconds(times.start_ms), milliseconds(times.update_ms)};
          },
          [this] { return device_.fota_cid(); },
          [this] { device_.power().restart(); }};
}

std::vector<at::ProfilePart*> Modem::parts_for(at::families::Serial& serial) {
  std::vector<at::ProfilePart*> parts{&serial};
  if (!channels_.empty()) return parts;
  for (auto* part : device_.profile_parts()) parts.push_back(part);
  return parts;
}

at::families::V250::Shared Modem::shared_parts() {
  if (channels_.empty()) return {};
  return {channels_.front()->name, device_.profile_parts()};
}

data_services::ppp::PppWorld Modem::ppp_world() {
  auto* const networks = world_.packet_networks;
  auto& pdp = device_.pdp();
  return {world_.timeline,
          world_.log,
          latency_,
          settings_.knobs,
          pdp,
          networks != nullptr ? *networks : no_network_,
          [this] { return device_.network().attached(); },
          [&pdp](int cid) { return pdp.active(cid); },
          [&pdp](int cid) { return pdp.address(cid); },
          [&pdp](int cid) { return pdp.name_servers(cid); },
          [&pdp](int cid) { pdp.release(cid); },
          [this] { return device_.ppp_term_frame(); },
          [this] {
            const auto& calls = device_.scenario().now().ppp;
            return data_services::ppp::PppWorld::Surroundings{
                calls.refuse_login, std::chrono::milliseconds(calls.ipcp_delay_ms)};
          },
          settings_.time_scale,
          [this] { return static_cast<std::uint32_t>(random_()); },
          world_.packet_tap};
}

at::Terminal& Modem::add_channel(const std::string& name, at::Port& port, at::Observer* observer) {
  channels_.push_back(std::make_unique<Channel>(name, port, observer, *this));
  auto& terminal = channels_.back()->terminal;
  if (is_uart(name)) terminal.deaf_while([this] { return asleep(); });
  device_.urcs().add(terminal.asker(), name, terminal,
                     [this, asker = terminal.asker()] { return cmux_.line() != asker; });
  terminal.power(device_.power().is_ready());
  return terminal;
}

void Modem::remove_channel(const at::Terminal& terminal) {
  device_.urcs().remove(terminal.asker());
  // Whoever is online there, or waits to be, hears that it is over.
  for (auto& channel : channels_)
    if (&channel->terminal == &terminal) channel->terminal.power(false);
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

std::variant<ssl_ctx::TlsRequest, std::string> Modem::tls_request(int ctx) {
  constexpr int ms_in_s = 1000;
  return contexts_.request(ctx, device_.ufs(), device_.clock().unix_ms() / ms_in_s);
}

Modem::Channel* Modem::channel_of(at::Asker asker) const {
  for (const auto& channel : channels_)
    if (channel->terminal.asker() == asker) return channel.get();
  return nullptr;
}

std::string Modem::name_of(at::Asker asker) const {
  const auto* const channel = channel_of(asker);
  return channel != nullptr ? channel->name : std::string();
}

std::optional<std::string> Modem::busy() {
  if (auto what = device_.busy()) return what;
  if (auto what = sockets_.busy()) return what;
  if (auto what = http_.busy()) return what;
  if (auto what = ftp_.busy()) return what;
  if (auto what = fota_.busy()) return what;
  if (auto what = dial_.busy()) return what;
  for (const auto& client : clients_)
    if (client->state() != mqtt_backend::ClientState::idle)
      return fmt::format("client {} is {}", client->index(),
                         mqtt_backend::name_of(client->state()));
  for (const auto& channel : channels_)
    if (const auto what = channel->terminal.busy())
      return fmt::format("{} on channel {}", *what, channel->name);
  return std::nullopt;
}

void Modem::snapshot(at::Memo& memo) {
  if (memo.restoring())
    for (auto& channel : channels_) {
      if (!channel->is_there) continue;
      channel->serial.start(world_.profiles.load(channel->name));
      channel->v250.restore();
    }
  device_.snapshot(memo);
  snapshot_channels(memo);
  qssl_.snapshot(memo);
  data_services::Qi::snapshot(memo, sockets_.settings());
  qhttp_.snapshot(memo);
  data_services::Qftp::snapshot(memo, ftp_.settings());
  memo.list("clients", clients_, [&](const auto& client) {
    if (memo.restoring()) client->forget_results();
    mqtt_backend::Qmt::snapshot(memo, client->config());
  });
}

void Modem::snapshot_channels(at::Memo& memo) {
  std::vector<std::string> names;
  each_channel([&](const std::string& name, at::Terminal& terminal) {
    if (memo.restoring()) terminal.power(device_.power().is_ready());
    names.push_back(name);
  });
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
  for (auto& channel : channels_)
    if (channel->is_there) channel->begin(world_.profiles, true);
}

void Modem::switched_off() {
  for (auto& client : clients_) client->reset();
  sockets_.reset();
  http_.reset();
  ftp_.reset();
  fota_.reset();
  dial_.reset();
  contexts_.reset();
  for (auto& channel : channels_) channel->terminal.power(false);
}

}  // namespace emulator
