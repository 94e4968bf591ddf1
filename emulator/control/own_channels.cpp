#include "emulator/control/own_channels.hpp"

namespace emulator::control {

bool OwnChannels::open(const std::string& name) {
  if (channels_.size() == most) return false;
  auto& channel = channels_[name];
  auto& line = injector_.add_port(channel.port, name);
  auto& terminal = modem_.add_channel(name, line, &line);
  line.lead_to(terminal);
  keeper_.name_channel(terminal.asker(), name);
  channel.terminal = &terminal;
  return true;
}

bool OwnChannels::close(std::string_view name) {
  const auto found = channels_.find(name);
  if (found == channels_.end()) return false;
  modem_.remove_channel(*found->second.terminal);
  injector_.remove_port(name);
  channels_.erase(found);
  return true;
}

}  // namespace emulator::control
