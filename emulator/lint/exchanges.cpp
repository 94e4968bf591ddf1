#include "emulator/lint/exchanges.hpp"

#include "emulator/lint/command_text.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace emulator::lint {
namespace {

using mqtt_backend::ClientState;

double in_seconds(at::Duration duration) { return std::chrono::duration<double>(duration).count(); }

bool is_step(ClientState state) {
  return state == ClientState::opening || state == ClientState::connecting ||
         state == ClientState::disconnecting || state == ClientState::closing;
}

}  // namespace

void Exchanges::saw(at::Time at, at::Asker channel, const at::Event& event) {
  if (std::holds_alternative<at::event::HostBytesArrived>(event)) {
    acting_ = channel.channel;
  } else if (const auto* begins = std::get_if<at::event::CommandBegun>(&event)) {
    acting_ = channel.channel;
    auto& command = commands_[channel.channel];
    command = {channel, std::string(begins->line), at, begins->limit};
    begun(command);
  } else if (const auto* ended = std::get_if<at::event::CommandEnded>(&event)) {
    if (ended->kind == at::Outcome::Kind::ok) accepted(commands_[channel.channel]);
  }
}

void Exchanges::saw(at::Time at, int client_idx, const mqtt_backend::Event& event) {
  auto& client = clients_[static_cast<std::size_t>(client_idx)];
  if (const auto* refusal = std::get_if<mqtt_backend::event::ExchangeRefused>(&event)) {
    refused(at, client_idx, *refusal);
  } else if (const auto* changed = std::get_if<mqtt_backend::event::StateChanged>(&event)) {
    client.step.reset();
    const auto* command = acting();
    if (is_step(changed->to) && command != nullptr) client.step = *command;
    if (changed->to == ClientState::idle) client.accepted.clear();
  }
}

Exchanges::Command* Exchanges::acting() {
  const auto found = commands_.find(acting_);
  return found == commands_.end() ? nullptr : &found->second;
}

void Exchanges::begun(const Command& command) {
  const auto about = client_command(command.line);
  if (!about || about->client < 0 || about->client >= static_cast<int>(clients_.size())) return;
  const auto& step = clients_[static_cast<std::size_t>(about->client)].step;
  if (!step) return;
  const auto former = client_command(step->line);
  if (former && former->name == about->name && former->client == about->client)
    again(command, about->client, *step);
}

void Exchanges::accepted(const Command& command) {
  const auto about = client_command(command.line);
  if (!about || about->msg_id == 0 || about->client < 0 ||
      about->client >= static_cast<int>(clients_.size()))
    return;
  auto& list = clients_[static_cast<std::size_t>(about->client)].accepted;
  list.push_back(command);
  if (list.size() > most_accepted) list.pop_front();
}

void Exchanges::refused(at::Time at, int client_idx,
                        const mqtt_backend::event::ExchangeRefused& event) {
  using mqtt_backend::Refusal;
  const auto* command = acting();
  if (command == nullptr) return;
  const auto name = command->line.substr(0, command->line.find('='));
  if (event.why == Refusal::window_full)
    report({Rule::window_overrun, at, command->channel, client_idx,
            fmt::format("AT{} with msgID {} came while five publishes of client {} waited", name,
                        event.msg_id, client_idx),
            shown_command(command->line)});
  if (event.why != Refusal::id_under_way) return;
  report({Rule::id_reused, at, command->channel, client_idx,
          fmt::format("AT{} took msgID {} of client {}, which was under way", name, event.msg_id,
                      client_idx),
          shown_command(command->line)});
  const auto& list = clients_[static_cast<std::size_t>(client_idx)].accepted;
  const auto former = std::find_if(list.rbegin(), list.rend(), [&](const Command& each) {
    return client_command(each.line)->msg_id == event.msg_id;
  });
  if (former != list.rend() && former->line == command->line) again(*command, client_idx, *former);
}

/// `former` is under way, and so may still be answered.
void Exchanges::again(const Command& command, int client_idx, const Command& former) {
  if (command.at >= former.at + former.limit) return;
  report({Rule::retry_too_early, command.at, command.channel, client_idx,
          fmt::format("AT{} was sent again after {:.3f} s without its URC; it may take {} s",
                      command.line.substr(0, command.line.find('=')),
                      in_seconds(command.at - former.at), in_seconds(former.limit)),
          shown_command(command.line)});
}

}  // namespace emulator::lint
