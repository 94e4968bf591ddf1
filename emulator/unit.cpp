#include "emulator/unit.hpp"

#ifdef EG91XQ_SLIRP
#include "data_services/link/slirp_network.hpp"
#endif
#include "emulator/pumped_link.hpp"
#include "emulator/stores/regular_file.hpp"
#include "mqtt_backend/link/link_paho.hpp"
#include "pty/open_port.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace emulator {
namespace {

constexpr std::array<std::string_view, Unit::max_channels> channel_names{"uart1", "usbat",
                                                                         "usbmodem", "uart2"};

}  // namespace

Unit::Unit(const Options& options, std::string name, Shared shared, Events events)
    : options_(options),
      name_(std::move(name)),
      shared_(std::move(shared)),
      events_(std::move(events)),
      log_(name_),
      resolver_(std::make_shared<net::Resolver>(io())),
      internet_(
          io(), resolver_, [this](const std::function<void()>& answer) { pump().run(answer); },
          shared_.shard.pump().activity()),
      pressure_(io(), shared_.shard.pump().activity()) {
  if (options_.capture)
    capture_ = std::make_shared<ModemCapture>(shared_.capture, name_.empty() ? "" : name_ + "/");
  resolver_->rules() = options_.resolve;
  resolver_->egress() = options_.egress;
  if (shared_.journal.active() || options_.control || options_.lint || !options_.fail_on.empty())
    keep_journal();
}

void Unit::keep_journal() {
  journal_ = std::make_unique<journal::Journal>();
  keeper_ = std::make_unique<journal::Keeper>(*journal_);
  linter_ = std::make_unique<lint::Linter>(options_.lint_off,
                                           [this](const auto& finding) { found(finding); });
  // In this order, so that a finding stands behind what it is found in.
  audience_ = std::make_unique<Observers>();
  audience_->add(*keeper_);
  audience_->add(*linter_);
  notes_ = std::make_unique<journal::Notes>(*audience_, [this] {
    if (!std::exchange(notes_wait_, true)) loop().when_idle([this] { return show_note(); });
  });
  if (options_.control) metrics_ = std::make_unique<control::Metrics>(*journal_);
  if (!options_.fail_on.empty())
    failing_ = journal_->subscribe([this](const journal::Event& event) {
      const auto& kinds = options_.fail_on;
      if (std::find(kinds.begin(), kinds.end(), journal::name_of(event.kind)) != kinds.end())
        events_.fail_on();
    });
  if (!shared_.journal.active()) return;
  to_file_ = journal_->subscribe([this](const journal::Event& event) {
    auto line = journal_->line_of(event);
    if (!name_.empty()) line.insert(1, fmt::format("\"modem\":\"{}\",", name_));
    line += '\n';
    lines_ = shared_.journal.append(std::move(line));
  });
}

/// What waits for an event may have something to do at this moment of the modem's time.
bool Unit::show_note() {
  if (!notes_->empty()) pump().run([this] { notes_->show_one(); });
  return notes_wait_ = !notes_->empty();
}

void Unit::found(const lint::Finding& finding) {
  const auto channel = keeper_->channel_name(finding.channel);
  const auto& row = lint::row_of(finding.rule);
  std::vector<journal::Field> fields;
  if (!channel.empty()) fields.push_back({"channel", channel});
  if (finding.client) fields.push_back({"client", std::int64_t{*finding.client}});
  fields.push_back({"rule", std::string(row.id)});
  fields.push_back({"clause", std::string(row.clause)});
  fields.push_back({"text", finding.text});
  if (!finding.command.empty()) fields.push_back({"command", finding.command});
  const auto seq = journal_->add(finding.at, journal::Kind::lint, std::move(fields));
  shared_.lint.add({finding, name(), channel, seq, lines_});
}

void Unit::end_lint() {
  if (!linter_) return;
  pump().run([this] {
    notes_->show();
    linter_->end(timeline().now());
  });
}

std::optional<std::string> Unit::open() {
  if (options_.state_dir)
    if (auto error = flash_.open(*options_.state_dir, disk_)) return error;
  if (auto error = open_files()) return error;
  return open_ports();
}

std::optional<std::string> Unit::open_files() {
  if (auto error = files_.open(options_.state_dir, disk_)) return error;
  for (const auto& file : options_.files)
    if (auto error = files_.preload(file.name, file.path)) return error;
  return std::nullopt;
}

void Unit::make_injector(const net::DialerOptions& dialer) {
  detour_ = std::make_unique<TlsDetour>(io(), dialer);
  faults::Outside outside;
  // Ports do not go in the middle of what they hear.
  outside.ports = [this](bool gone) {
    boost::asio::post(io(), [this, gone] {
      for (const auto& wire : wires_) gone ? wire->port().vanish() : wire->port().come_back();
    });
  };
  outside.rate = [this](std::optional<int> baud) {
    for (const auto& wire : wires_) wire->disturb_rate(baud);
  };
  outside.detour = [this](const auto& trouble, const auto& endpoint, const auto& found) {
    detour_->lead(trouble, endpoint,
                  [this, found](const auto& instead) { pump().run([&] { found(instead); }); });
  };
  injector_ = std::make_unique<faults::FaultInjector>(
      timeline(), notes_.get(), faults::FaultyFlash::Stores{flash_, flash_, files_},
      std::move(outside));
  if (!keeper_) return;
  injector_->on_inserted([this](const std::string& channel, const faults::Insertion& insertion) {
    journal().add(timeline().now(), journal::Kind::urc,
                  {{"channel", channel},
                   {"line", insertion.line},
                   {"inserted", std::string(faults::name_of(insertion.place))},
                   {"because", journal::Because{insertion.request}}});
  });
}

std::optional<std::string> Unit::open_ports() {
  if (options_.ports.size() > max_channels)
    return fmt::format("--port: at most {} ports", max_channels);
  if (std::count(options_.ports.begin(), options_.ports.end(), "stdio") > 1)
    return "--port: stdio can be given once";
  for (std::size_t i = 0; i < options_.ports.size(); ++i)
    if (auto error = open_port(i)) return error;
  const auto has_line = [](const auto& wire) {
    return wire->port().kind() == "pty" || wire->port().kind() == "serial";
  };
  if (options_.strict_line && std::none_of(wires_.begin(), wires_.end(), has_line))
    return "--line strict: none of the ports has a rate; it is for pty and serial";
  return std::nullopt;
}

std::optional<std::string> Unit::open_port(std::size_t index) {
  auto opened = pty::open_port(io(), options_.ports[index]);
  if (const auto* error = std::get_if<pty::SpecError>(&opened)) return error->text;
  const std::string channel(channel_names[index]);
  wires_.push_back(
      std::make_unique<Wire>(std::move(std::get<std::unique_ptr<pty::HostPort>>(opened)), channel,
                             shared_.trace, name_.empty() ? channel : name_ + "/" + channel));
  auto& wire = *wires_.back();
  if (options_.strict_line && wire.port().kind() == "pty") wire.be_strict();
  if (options_.pace) wire.pace(timeline());
  pressure_.watch(wire);
  return std::nullopt;
}

void Unit::offer_file(const std::string& name, std::string_view content) {
  if (const auto wrong = offer(name, content))
    log_.warning(fmt::format("{}: not put into the module's flash: {}", name, *wrong));
}

std::optional<std::string> Unit::offer(const std::string& name, std::string_view content) {
  const auto kept = files_.look_up(name);
  if (!kept.content && !kept.absent)
    return fmt::format("the one there cannot be read: {}", kept.wrong);
  if (kept.content && !device::is_offered(*kept.content)) return std::nullopt;
  const auto text = fmt::format("{}{}", device::offered_mark, content);
  if (!device::fits(files_.sizes(), name, text.size())) return "no room for it";
  return files_.put(name, text);
}

void Unit::start(const std::vector<DemoName>& names) {
  make_modem(names);
  for (auto& wire : wires_) serve(*wire);
  if (keeper_)
    keeper_->saw(timeline().now(), device::event::SceneChanged{modem_->device().scenario().now()});
  if (!options_.faults.empty())
    pump().run([this] {
      const auto wrong = faults::add_all(injector_->faults(), options_.faults, timeline().now());
      assert(!wrong);
    });
  if (options_.power_at_start) pump().run([this] { modem_->power_on(); });
}

Modem::Settings Unit::modem_settings() const {
  Modem::Settings settings;
  settings.device.model = options_.model;
  settings.device.identity = options_.identity;
  settings.device.card = options_.card;
  settings.device.boot = options_.boot;
  settings.device.scenario = options_.scenario;
  settings.device.unix_ms_at_start = shared_.unix_ms_at_start;
  settings.knobs = options_.knobs;
  settings.latency = latency_of(options_);
  settings.time_scale = [&pump = shared_.shard.pump()] { return pump.scale(); };
  return settings;
}

void Unit::make_modem(const std::vector<DemoName>& names) {
  constexpr std::string_view loopback = "127.0.0.1";
  mqtt_backend::LinkOptions link_options;
  link_options.packet_cap = options_.packet_cap;
  link_options.dialer.resolver = resolver_;
  link_options.dialer.activity = pump().activity();
  link_options.dialer.tap = capture_;
  link_options.dialer.tls = {
      options_.knobs.is_set(cellular::Knob::tls13),
      static_cast<ssl_ctx::NameCheck>(options_.knobs.get(cellular::Knob::tls_name_check)),
      shared_.key_log};
  for (const auto& demo : names) {
    if (options_.resolve.has(demo.name)) continue;  // what the user has rules for is his to name
    resolver_->rules().add(fmt::format("{}={}", demo.name, loopback));
    for (const auto& [port, leads_to] : demo.ports)
      resolver_->rules().add(fmt::format("{}:{}={}:{}", demo.name, port, loopback, leads_to));
  }
  const auto traffic = link_options.dialer.traffic;
  if (!options_.faults.empty() || options_.control) make_injector(link_options.dialer);
  transport_.emplace(io(), link_options.dialer, options_.listen_place);
  pumped_transport_.emplace(loop(), pump(), pressure_, *transport_);
  make_packet_networks(link_options.dialer);
  auto* const faulty = injector_ ? &injector_->flash() : nullptr;
  modem_ = std::make_unique<Modem>(
      modem_settings(),
      Modem::World{
          timeline(), log_, faulty ? static_cast<at::ProfileStore&>(*faulty) : flash_,
          faulty ? static_cast<device::Nvram&>(*faulty) : flash_,
          faulty ? static_cast<device::FileStore&>(*faulty) : files_, internet_,
          injector_ ? injector_->wrap(*pumped_transport_) : *pumped_transport_,
          [this, link_options](int client_idx) { return make_link(client_idx, link_options); },
          [traffic] { return *traffic; }, notes_.get(), injector_.get(), packet_networks_.get(),
          capture_.get(),
          [this](at::Asker asker, const std::string& name) {
            if (keeper_) keeper_->name_channel(asker, name);
          }});
  if (injector_) injector_->attach(*modem_);
  if (options_.control)
    own_channels_ = std::make_unique<control::OwnChannels>(*modem_, *injector_, *keeper_);
}

void Unit::make_packet_networks([[maybe_unused]] const net::DialerOptions& dialer) {
#ifdef EG91XQ_SLIRP
  packet_networks_ = std::make_unique<data_services::SlirpNetworks>(
      io(),
      data_services::SlirpNetworks::Options{dialer.resolver, dialer.traffic, dialer.activity,
                                            options_.packets_everywhere},
      [this](const std::function<void()>& arrived) { pump().run(arrived); });
#endif
}

mqtt_backend::ModuleTime Unit::module_time(int client_idx) {
  return {[this] { return pump().now(); }, [this] { return pump().scale(); },
          [this] { return pump().rate(); },
          [this, client_idx] { pump().run([&] { note_stand_in(client_idx); }); }};
}

void Unit::note_stand_in(int client_idx) {
  journal().add(
      timeline().now(), journal::Kind::link,
      {{"client", std::int64_t{client_idx}},
       {"event", std::string("kept-alive")},
       {"why", std::string("the module's clock stands or is slow: pinged in its place")}});
}

std::unique_ptr<mqtt_backend::Link> Unit::make_link(int client_idx,
                                                    mqtt_backend::LinkOptions options) {
  if (injector_)
    options.gate = [this, client_idx](mqtt_backend::Packet packet, const auto& pass) {
      pump().run([&] { injector_->gate(client_idx, std::move(packet), pass); });
    };
  if (options_.control) options.module_time = module_time(client_idx);
  auto link = std::make_unique<PumpedLink>(
      loop(), pump(), pressure_,
      std::make_unique<mqtt_backend::LinkPaho>(shared_.shard.paho(), std::move(options)));
  if (injector_) return injector_->wrap(client_idx, std::move(link));
  return link;
}

Unit::Behind Unit::make_terminal(Wire& wire) {
  at::Observer* const tracing = shared_.trace.active() ? &wire.observer() : nullptr;
  if (!injector_) return {modem_->add_channel(wire.name(), wire, tracing), nullptr};
  auto& line = injector_->add_port(wire, wire.name());
  observers_.push_back(std::make_unique<ObserverPair>(tracing, &line));
  auto& terminal = modem_->add_channel(wire.name(), line, observers_.back()->whom());
  line.lead_to(terminal);
  return {terminal, &line};
}

void Unit::serve(Wire& wire) {
  const auto behind = make_terminal(wire);
  auto& terminal = behind.terminal;
  auto* const line = behind.line;
  if (keeper_) keeper_->name_channel(terminal.asker(), wire.name());
  const bool ends_with_port = wire.port().kind() == "stdio";
  pty::HostPort::Events events;
  events.received = [this, &wire, &terminal, line](std::string_view bytes) {
    loop().heard(&wire, Watchfulness::Speaker::host);
    pump().run([&] {
      wire.hear(bytes, [&](std::string_view heard) {
        line != nullptr ? line->receive(heard) : terminal.receive(heard);
      });
    });
  };
  events.opened = [this, &wire] {
    wire.host_came();
    pump().run([this] { modem_->power_on(); });
  };
  const bool leaves = options_.knobs.is_set(cellular::Knob::data_mode_on_close);
  events.closed = [this, &wire, &terminal, line, ends_with_port, leaves] {
    wire.host_left();
    if (line != nullptr) line->host_left();
    pump().run([&] {
      terminal.host_left(leaves);
      terminal.drained();
    });
    if (ends_with_port) events_.left();
  };
  events.lines_changed = [this, &terminal](const pty::HostLines& lines) {
    pump().run([&] { terminal.dtr(lines.dtr); });
  };
  events.drained = [this, &wire] { pump().run([&] { wire.drained(); }); };
  wire.when_drained([&terminal] { terminal.drained(); });
  events.quit = [this] { events_.left(); };
  events.failed = [this, &wire](const std::string& why) {
    events_.failed(fmt::format("port {} is lost: {}", wire.port().address(), why));
  };
  wire.port().start(std::move(events));
}

const Wire* Unit::wire(std::string_view channel) const {
  const auto found = std::find_if(wires_.begin(), wires_.end(),
                                  [&](const auto& wire) { return wire->name() == channel; });
  return found == wires_.end() ? nullptr : found->get();
}

bool Unit::has_host(std::string_view channel) const {
  const auto* const found = wire(channel);
  return found != nullptr && found->has_host();
}

control::ControlledModem::Backlog Unit::backlog(std::string_view channel) const {
  const auto* const found = wire(channel);
  if (found == nullptr) return {};
  return {found->backlog().waiting, found->most_waiting()};
}

void Unit::stop() {
  if (std::exchange(stopped_, true)) return;
  for (auto& wire : wires_) wire->port().stop();
  own_channels_.reset();
  if (detour_) detour_->stop();
  modem_.reset();
  if (notes_) notes_->show();
  if (options_.state_dir) disk_->flush();
}

cellular::Latency::Mode latency_of(const Options& options) {
  constexpr std::uint32_t golden_ratio = 0x9E3779B9;
  auto mode = options.latency;
  if (auto* typical = std::get_if<cellular::Latency::Typical>(&mode))
    typical->seed ^= static_cast<std::uint32_t>(options.instance) * golden_ratio;
  return mode;
}

}  // namespace emulator
