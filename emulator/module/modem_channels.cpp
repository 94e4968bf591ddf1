// The channels that the multiplexer opens: made when they are first opened, and then there, open or
// closed, for as long as the module.
#include "emulator/module/channel_names.hpp"
#include "emulator/module/modem.hpp"

#include <algorithm>
#include <memory>

namespace emulator {

Modem::~Modem() {
  // The multiplexer ends while its channels are there.
  if (const auto line = cmux_.line()) channel_of(*line)->terminal.power(false);
}

Cmux::Module Modem::cmux_module() {
  return {[this](at::Asker asker) { return is_uart(name_of(asker)); },
          [this] { return device_.cmux_changes_rate(); },
          [this](at::Asker asker, int baud) {
            if (auto* const channel = channel_of(asker)) channel->serial.change_rate(baud);
          },
          [this](int dlci, at::Port& port) -> at::Terminal& { return connect_dlci(dlci, port); },
          [this](int dlci) { disconnect_dlci(dlci); },
          [this](bool held) { device_.urcs().wait_for_multiplexer(held); }};
}

// reading: WAKEUP_IN is high, as where nothing is wired to it; a host that has the channel in data
// mode, or whose command runs, keeps the module awake; what comes over USB neither wakes nor is
// lost
bool Modem::asleep() const {
  if (!device_.power().may_sleep()) return false;
  const auto* const multiplexer = cmux_.multiplexer();
  if (multiplexer != nullptr && multiplexer->host_is_ready()) return false;
  const auto line = cmux_.line();
  return std::all_of(channels_.begin(), channels_.end(), [&](const auto& channel) {
    const auto& terminal = channel->terminal;
    if (is_uart(channel->name) && terminal.host_dtr()) return false;
    return !channel->is_there || terminal.at_rest() || terminal.asker() == line;
  });
}

at::Terminal& Modem::connect_dlci(int dlci, at::Port& port) {
  auto*& channel = dlcis_[static_cast<std::size_t>(dlci) - 1];
  if (channel == nullptr) {
    const auto name = dlci_name(dlci);
    channels_.push_back(std::make_unique<Channel>(name, port, nullptr, *this));
    channel = channels_.back().get();
    if (world_.named) world_.named(channel->terminal.asker(), name);
  }
  auto& terminal = channel->terminal;
  const auto line = cmux_.line();
  const auto* const under = line ? channel_of(*line) : nullptr;
  if (under != nullptr) channel->serial.ride_on(under->serial);
  channel->is_there = true;
  channel->begin(world_.profiles, device_.power().is_ready());
  // What a channel in data mode misses is not kept for it, unless it alone is to hear (MUX-36).
  device_.urcs().add(terminal.asker(), under != nullptr ? under->name : channel->name, terminal,
                     [this, dlci, &terminal] {
                       const int chosen = device_.cmux_urc_port();
                       return chosen == 0 ? !terminal.is_online() : chosen == dlci;
                     });
  return terminal;
}

void Modem::disconnect_dlci(int dlci) {
  auto* const channel = dlcis_[static_cast<std::size_t>(dlci) - 1];
  channel->is_there = false;
  device_.urcs().remove(channel->terminal.asker());
  channel->terminal.power(false);
}

}  // namespace emulator
