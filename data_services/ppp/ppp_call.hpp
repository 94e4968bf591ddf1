// One data call: PPP on a channel that is online, a context under it and a network behind it
// (PPP-4 to PPP-15). Owned by the terminal that it is online on.
#pragma once

#include "at_engine/online.hpp"
#include "cellular/bearer.hpp"
#include "cellular/knobs.hpp"
#include "data_services/ppp/dns_answer.hpp"
#include "data_services/ppp/ip_packet.hpp"
#include "data_services/ppp/packet_filter.hpp"
#include "data_services/ppp/packet_net.hpp"
#include "data_services/ppp/ppp_world.hpp"
#include "data_services/ppp/session.hpp"
#include "data_services/ppp/wall_timeline.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace data_services::ppp {

class Call : public at::Online, public std::enable_shared_from_this<Call>, private Session::Events {
 public:
  /// How AT+QPPPDROP ends it: as it is, with a Terminate-Request in data mode, or always.
  enum class Drop { silently, in_data_mode, always };

  /// Over context `cid`, which is brought up if need be.
  Call(const PppWorld& world, int cid);
  ~Call() override { release(); }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// Whether there is a context to go over.
  [[nodiscard]] bool has_bearer() const { return static_cast<bool>(lease_); }
  /// Ends it from the module's side: NO CARRIER on its channel, now or when the host has heard.
  void drop(Drop how);

  [[nodiscard]] int cid() const { return cid_; }
  [[nodiscard]] const Session& session() const { return session_; }

  [[nodiscard]] std::string_view speed() const override;
  [[nodiscard]] bool can_suspend() const override { return session_.negotiation_complete(); }
  [[nodiscard]] bool heeds_port() const override { return true; }
  void connected(at::OnlineChannel& channel) override;
  void receive(std::string_view bytes) override {
    wall_.run([&] { session_.receive(bytes); });
  }
  void drained() override;
  void suspended() override;
  void resumed() override;
  void hung_up() override;

 private:
  [[nodiscard]] Session::Config config() const;
  void transmit(std::string_view framed_bytes) override;
  void packet(std::string_view ip) override;
  void established() override;
  void ended(Session::Reason reason) override;
  void attach();
  void to_host(std::string_view ip);
  void arrived(std::string_view ip);
  void refuse(const PacketFilter::Ruling& ruling);
  void ask_module(const IpPacket& packet);
  void bearer_lost();
  void finish();
  void release();

  const PppWorld& world_;
  int cid_;
  bool was_active_;  // the context, before the call
  cellular::Lease lease_;
  WallTimeline wall_;
  Session session_;
  at::Timer ending_;
  bool suspended_ = false;
  std::optional<PacketFilter> filter_;
  std::optional<DnsAnswers> dns_;
  std::unique_ptr<PacketNet> net_;
  at::OnlineChannel* channel_ = nullptr;
};

}  // namespace data_services::ppp
