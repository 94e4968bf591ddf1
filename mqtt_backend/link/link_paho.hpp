// The real Link: has a Dialer connect to the broker, then lets a Relay and the MQTT library do the
// rest, a new Relay for every opening. Lives as long as its Client, all on the io thread; close or
// destroy it in any state.
#pragma once

#include "mqtt_backend/link.hpp"
#include "mqtt_backend/link/packet_gate.hpp"
#include "mqtt_backend/link/paho_world.hpp"
#include "mqtt_backend/link/qos2_store.hpp"
#include "mqtt_backend/link/relay.hpp"
#include "net/dialer.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mqtt_backend {

struct LinkOptions {
  /// Longest packet accepted from the broker, in bytes.
  std::size_t packet_cap = 256 * 1024;
  /// The broker's packets go through it, if there is one.
  PacketGate gate{};
  /// Shared by the links of a module.
  net::DialerOptions dialer{};
  /// When it may go otherwise than at one scale.
  std::optional<ModuleTime> module_time{};
};

class LinkPaho : public Link {
 public:
  explicit LinkPaho(PahoWorld& world, LinkOptions options = {});
  ~LinkPaho() override;
  LinkPaho(const LinkPaho&) = delete;
  LinkPaho& operator=(const LinkPaho&) = delete;

  void listen(Listener listener) override;
  /// Packets of an opening that was abandoned meanwhile are told too.
  void watch(Watcher watcher) override;
  /// The system's own limit applies; a shorter one is the caller's to set, with close().
  void open(const Endpoint& endpoint) override;
  void connect(const ConnectRequest& request) override;
  Ticket subscribe(std::uint16_t msg_id, const std::vector<TopicFilter>& filters) override;
  Ticket unsubscribe(std::uint16_t msg_id, const std::vector<std::string>& topics) override;
  Ticket publish(PublishRequest request) override;
  void resend(Ticket ticket) override;
  void ping() override;
  void disconnect() override;
  [[nodiscard]] bool delivered() const override;
  void back_pressure(bool on) override;
  bool inject(std::vector<std::uint8_t> packet) override;
  void close() override;

 private:
  struct Opening;

  void establish(std::unique_ptr<net::Stream> stream);
  void fail(OpenResult result, const std::string& detail);
  void post(LinkEvent event);
  [[nodiscard]] Watcher posting_watcher() const;

  PahoWorld& world_;
  std::size_t packet_cap_;
  PacketGate gate_;
  Relay::Clocks clocks_;
  net::Dialer dialer_;
  // Shared with posted events, which may outlive this object.
  std::shared_ptr<Listener> listener_ = std::make_shared<Listener>();
  std::shared_ptr<Watcher> watcher_;  // null when nobody watches
  Endpoint endpoint_;
  std::shared_ptr<Opening> opening_;
  Ticket last_ticket_ = 0;
  std::string session_;
  std::shared_ptr<Qos2Store> store_ = std::make_shared<Qos2Store>();
};

}  // namespace mqtt_backend
