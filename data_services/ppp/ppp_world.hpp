// What data calls live on. Made by the Modem; everything in it outlives them.
#pragma once

#include "at_engine/log.hpp"
#include "at_engine/timeline.hpp"
#include "cellular/bearer.hpp"
#include "cellular/knobs.hpp"
#include "cellular/latency.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace data_services::ppp {

class PacketNetworks;
class PacketTap;

struct PppWorld {
  /// What the network does to a call.
  struct Surroundings {
    bool refuses_login = false;
    std::chrono::milliseconds ipcp_delay{};  // PPP-38
  };

  at::Timeline& timeline;
  at::Log& log;
  cellular::Latency& latency;
  const cellular::Knobs& knobs;
  cellular::Bearer& bearer;
  PacketNetworks& networks;
  std::function<bool()> attached;
  std::function<bool(int cid)> active;
  /// Dotted decimals; as +CGPADDR and +CGCONTRDP show them.
  std::function<std::string(int cid)> address_of;
  std::function<std::vector<std::string>(int cid)> name_servers;
  /// A context that only a call has brought up is not needed any more.
  std::function<void(int cid)> deactivate;
  std::function<bool()> sends_term_frame;  // AT+QCFG="ppp/termframe"
  std::function<Surroundings()> surroundings;
  /// Seconds of the timeline in one of the host's, as things are.
  std::function<double()> time_scale;
  /// Of magic numbers and challenges.
  std::function<std::uint32_t()> random;
  /// Sees the packets of every call, if there is one.
  PacketTap* tap = nullptr;
};

}  // namespace data_services::ppp
