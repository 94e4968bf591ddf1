// What HTTP and FTP live on. Made by the Modem; everything in it outlives their sessions.
#pragma once

#include "at_engine/log.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "cellular/bearer.hpp"
#include "cellular/knobs.hpp"
#include "cellular/latency.hpp"
#include "data_services/files.hpp"
#include "data_services/transport.hpp"

#include <functional>
#include <string>
#include <utility>
#include <variant>

namespace data_services {

struct ServiceWorld {
  at::Timeline& timeline;
  at::Announce& announce;
  at::Log& log;
  cellular::Latency& latency;
  const cellular::Knobs& knobs;
  cellular::Bearer& bearer;
  Transport& transport;
  Files& files;
  /// Whether the host has activated context `cid` (AT+QIACT).
  std::function<bool(int cid)> activated;
  /// What AT+QSSLCFG has set for a context, with its files, as they are now; or what is missing.
  std::function<std::variant<ssl_ctx::TlsRequest, std::string>(int ctx)> tls_request;
  /// Whether a context that the host has not activated is brought up, whatever the knob says.
  bool brings_up = false;

  /// Context `cid` as a session goes through it; empty when it cannot. `lost` as of
  /// Bearer::lease().
  [[nodiscard]] cellular::Lease enter(int cid, std::function<void()> lost) const {
    if (activated(cid)) return bearer.hold(cid, std::move(lost));
    if (!brings_up && !knobs.is_set(cellular::Knob::auto_pdp)) return {};
    return bearer.lease(cid, std::move(lost));
  }
};

}  // namespace data_services
