#include "tests/sim/world.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sim {
namespace {

constexpr std::array<std::string_view, 7> tls_modes{"expired", "unknown-ca", "wrong-name", "stall",
                                                    "cut",     "version",    "suite"};

}  // namespace

World::World(const emulator::Modem::Settings& settings, LinkAudit::Hooks hooks)
    : hooks_(std::move(hooks)),
      injector(timeline, &onlooker_, {flash, flash, files}, outside()),
      modem(settings, {timeline,
                       log,
                       injector.flash(),
                       injector.flash(),
                       injector.flash(),
                       internet,
                       transport,
                       [this](int client_idx) { return make_link(client_idx); },
                       {},
                       &onlooker_,
                       &interceptor_}),
      faulty_line_(injector.add_port(line.end(), "uart1")) {
  terminals_[0] = &modem.add_channel("uart1", line.leads_to(faulty_line_), &faulty_line_);
  terminals_[1] = &modem.add_channel("usbat", ports[1]);
  injector.attach(modem);
  faulty_line_.lead_to(*terminals_[0]);
}

std::unique_ptr<mqtt_backend::Link> World::make_link(int client_idx) {
  const auto at = static_cast<std::size_t>(client_idx);
  auto link = std::make_unique<support::FakeLink>(timeline);
  links[at] = link.get();
  auto audit = std::make_unique<LinkAudit>(timeline, client_idx,
                                           injector.wrap(client_idx, std::move(link)), hooks_);
  audits[at] = audit.get();
  return audit;
}

emulator::faults::Outside World::outside() {
  emulator::faults::Outside made;
  made.detour = [](const auto& trouble, const auto& endpoint, const auto& found) {
    auto instead = endpoint;
    const auto* const mode = std::find(tls_modes.begin(), tls_modes.end(), trouble.mode);
    instead.detour = static_cast<std::uint16_t>(mode - tls_modes.begin() + 1);
    found(instead);
  };
  return made;
}

std::string_view World::tls_trouble(int detour) const {
  return detour == 0 ? std::string_view{} : tls_modes.at(static_cast<std::size_t>(detour) - 1);
}

void World::send(std::size_t channel, std::string_view bytes) {
  if (channel == 0)
    faulty_line_.receive(bytes);
  else
    terminals_[channel]->receive(bytes);
}

void World::host_left(std::size_t channel) {
  if (channel == 0) faulty_line_.host_left();
  terminals_[channel]->host_left();
}

void World::Onlooker::saw(at::Time, at::Asker channel, const at::Event& event) {
  // A channel that is being added has nothing to say.
  const auto* const first = world_.terminals_[0];
  if (first == nullptr || channel != first->asker()) return;
  if (const auto* reply = std::get_if<at::event::Reply>(&event))
    world_.line.unit(reply->bytes.size());
  else if (const auto* urc = std::get_if<at::event::Unsolicited>(&event))
    world_.line.unit(urc->bytes.size());
  else if (const auto* prompt = std::get_if<at::event::Prompted>(&event))
    world_.line.unit(prompt->bytes.size());
}

void World::Onlooker::saw(at::Time, const emulator::device::Event& event) {
  const auto* power = std::get_if<emulator::device::event::PowerChanged>(&event);
  if (power != nullptr && power->state == emulator::device::Power::State::off)
    world_.line.module_is_off();
}

void World::Onlooker::saw(at::Time, const emulator::event::FaultApplied& event) {
  if (const auto* fault = world_.injector.faults().find(std::string(event.name)))
    world_.line.struck(*fault);
  world_.on_fault(event);
}

std::optional<at::Interceptor::Instead> World::FirstChannel::instead_of(at::Asker channel,
                                                                        std::string_view typed) {
  if (channel != world_.terminals_[0]->asker()) return std::nullopt;
  return world_.injector.instead_of(channel, typed);
}

}  // namespace sim
