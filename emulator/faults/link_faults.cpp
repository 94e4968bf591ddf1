// The part of the fault injector that is about links.
#include "emulator/faults/fault_injector.hpp"

#include <utility>

#include <fmt/format.h>

namespace emulator::faults {

Occasion FaultInjector::about(int client_idx) const {
  Occasion occasion{.now = timeline_.now(), .client = client_idx};
  if (modem_ != nullptr) occasion.state = name_of(modem_->client(client_idx).state());
  return occasion;
}

std::unique_ptr<mqtt_backend::Link> FaultInjector::wrap(int client_idx,
                                                        std::unique_ptr<mqtt_backend::Link> link) {
  auto wrapped = std::make_unique<FaultyLink>(
      timeline_, std::move(link),
      FaultyLink::Hooks{[this, client_idx](const mqtt_backend::Endpoint& endpoint) {
                          auto occasion = about(client_idx);
                          const auto command = fmt::format("+QMTOPEN={},\"{}\",{}", client_idx,
                                                           endpoint.host, endpoint.port);
                          occasion.command = command;
                          return faults_.acting(Moment::open, occasion, [&](const Fault& fault) {
                            return fault.type().name != "tls" || endpoint.tls;
                          });
                        },
                        [this](const auto& trouble, const auto& endpoint, const auto& found) {
                          outside_.detour(trouble, endpoint, found);
                        },
                        [this, client_idx](FaultyLink& gone) {
                          const auto found = links_.find(client_idx);
                          if (found != links_.end() && found->second == &gone) links_.erase(found);
                        }});
  links_[client_idx] = wrapped.get();
  return wrapped;
}

/// A command for the conditions of its faults: what opens a connection to that host and port.
data_services::Transport& FaultInjector::wrap(data_services::Transport& transport) {
  FaultyTransport::Hooks hooks;
  hooks.opening = [this](const data_services::Endpoint& endpoint) {
    const auto command =
        fmt::format("{}=\"{}\",{}", endpoint.command, endpoint.host, endpoint.port);
    Occasion occasion{.now = timeline_.now(), .command = command};
    return faults_.acting(Moment::open, occasion, [&](const Fault& fault) {
      return fault.type().name != "tls" || endpoint.tls;
    });
  };
  hooks.detour = [this](const auto& trouble, const auto& endpoint, const auto& found) {
    outside_.detour(trouble, endpoint, found);
  };
  return transport_.emplace(timeline_, transport, std::move(hooks));
}

namespace {

Slowness slowness_of(const Fault& fault) {
  return {std::chrono::milliseconds(fault.number("delay_ms")),
          std::chrono::milliseconds(fault.number("jitter_ms")), fault.number("bytes_per_s"),
          static_cast<int>(fault.number("loss"))};
}

}  // namespace

void FaultInjector::begin_at_sockets(const Fault& fault) {
  if (!transport_ || fault.type().name == "broker-disconnect") return;
  transport_->for_each([&](FaultyConnection& connection) {
    if (fault.type().name == "nat-idle")
      connection.forget_after(std::chrono::seconds(fault.number("s")));
    else if (fault.text("mode") == "reset")
      connection.lose();
    else if (fault.text("mode") == "half-open")
      connection.go_deaf();
    else
      connection.slow_down(slowness_of(fault), fault.seed());
  });
}

void FaultInjector::end_at_sockets(const Fault& fault) {
  if (!transport_) return;
  transport_->for_each([&](FaultyConnection& connection) {
    if (fault.type().name == "nat-idle") connection.forget_after(std::nullopt);
    if (fault.type().name == "link" && fault.text("mode") == "slow") connection.slow_down({}, 0);
  });
}

void FaultInjector::begin_at_links(const Fault& fault, std::optional<int> client_idx) {
  const auto type = fault.type().name;
  for (const auto& [owner, link] : links_) {
    if (client_idx && *client_idx != owner) continue;
    if (type == "broker-disconnect")
      link->lose("closed by the peer");
    else if (type == "nat-idle")
      link->forget_after(std::chrono::seconds(fault.number("s")));
    else if (fault.text("mode") == "reset")
      link->lose("Connection reset by peer");
    else if (fault.text("mode") == "half-open")
      link->go_deaf();
    else
      link->slow_down(slowness_of(fault), fault.seed());
  }
  if (!client_idx) begin_at_sockets(fault);
}

void FaultInjector::end_at_links(const Fault& fault) {
  const auto type = fault.type().name;
  for (const auto& [owner, link] : links_) {
    if (fault.when().client && *fault.when().client != owner) continue;
    if (type == "nat-idle") link->forget_after(std::nullopt);
    if (type == "link" && fault.text("mode") == "slow") link->slow_down({}, 0);
  }
  if (!fault.when().client) end_at_sockets(fault);
}

}  // namespace emulator::faults
