// The real Link: resolves, connects and negotiates TLS with Asio, then lets a Relay and the MQTT
// library do the rest, a new Relay for every opening. Lives as long as its Client, all on the io
// thread; close or destroy it in any state.
#pragma once

#include "cellular/traffic.hpp"
#include "mqtt_backend/link.hpp"
#include "mqtt_backend/link/paho_world.hpp"
#include "mqtt_backend/link/qos2_store.hpp"
#include "mqtt_backend/link/relay.hpp"
#include "net/name_lookup.hpp"
#include "ssl_ctx/tls.hpp"
#include "ssl_ctx/tls_sessions.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace mqtt_backend {

/// Where a name goes instead of asking the resolver. A port without an entry stays as it is.
struct NameOverride {
  boost::asio::ip::address address;
  std::map<std::uint16_t, std::uint16_t> ports;
};

struct LinkOptions {
  /// Longest packet accepted from the broker, in bytes.
  std::size_t packet_cap = 256 * 1024;
  /// By host name in lower case.
  std::map<std::string, NameOverride> names;
  ssl_ctx::TlsOptions tls;
  /// Where sessions are kept for resumption; shared by the links of a module.
  std::shared_ptr<ssl_ctx::TlsSessions> sessions = std::make_shared<ssl_ctx::TlsSessions>();
  /// Where the bytes of the links are counted; shared by the links of a module.
  std::shared_ptr<cellular::Traffic> traffic = std::make_shared<cellular::Traffic>();
};

class LinkPaho : public Link {
 public:
  explicit LinkPaho(PahoWorld& world, LinkOptions options = {});
  ~LinkPaho() override;
  LinkPaho(const LinkPaho&) = delete;
  LinkPaho& operator=(const LinkPaho&) = delete;

  void listen(Listener listener) override;
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
  void close() override;

 private:
  struct Opening;

  void connect_tcp(const std::vector<boost::asio::ip::tcp::endpoint>& targets);
  void on_tcp(const boost::system::error_code& error);
  void shake_hands();
  void on_tls(const boost::system::error_code& error);
  void stand(std::unique_ptr<net::Stream> stream);
  void fail(OpenResult result, const std::string& detail);
  void post(LinkEvent event);

  PahoWorld& world_;
  LinkOptions options_;
  net::NameLookup lookup_;
  // Shared with posted events, which may outlive this object.
  std::shared_ptr<Listener> listener_ = std::make_shared<Listener>();
  Endpoint endpoint_;
  std::shared_ptr<Opening> opening_;
  Ticket last_ticket_ = 0;
  std::string session_;
  std::shared_ptr<Qos2Store> store_ = std::make_shared<Qos2Store>();
};

}  // namespace mqtt_backend
