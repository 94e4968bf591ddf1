// The states of an MQTT client, between QMTOPEN and QMTDISC or QMTCLOSE. Kept by the Client.
#pragma once

#include <string_view>

namespace mqtt_backend {

enum class ClientState { idle, opening, open, connecting, connected, disconnecting, closing };

constexpr std::string_view name_of(ClientState state) {
  switch (state) {
    case ClientState::idle:
      return "idle";
    case ClientState::opening:
      return "opening";
    case ClientState::open:
      return "open";
    case ClientState::connecting:
      return "connecting";
    case ClientState::connected:
      return "connected";
    case ClientState::disconnecting:
      return "disconnecting";
    case ClientState::closing:
      return "closing";
  }
  return {};
}

}  // namespace mqtt_backend
