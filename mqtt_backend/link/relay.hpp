// One opening of a link: stands between the broker's connection and the MQTT library's loopback
// hop. It rewrites CONNECT and packet identifiers, checks the broker's packets, decides what each
// side gets to see, and turns what happens into LinkEvents. Results come from here, never from the
// library. Made by LinkPaho when the connection is established, let go when it ends; io thread
// only.
#pragma once

#include "mqtt_backend/link.hpp"
#include "mqtt_backend/link/awaited.hpp"
#include "mqtt_backend/link/deliveries.hpp"
#include "mqtt_backend/link/flights.hpp"
#include "mqtt_backend/link/library_watch.hpp"
#include "mqtt_backend/link/packet_gate.hpp"
#include "mqtt_backend/link/packet_stream.hpp"
#include "mqtt_backend/link/paho_client.hpp"
#include "mqtt_backend/link/paho_world.hpp"
#include "mqtt_backend/link/qos2_store.hpp"
#include "mqtt_backend/link/stand_in.hpp"
#include "net/activity.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace mqtt_backend {

class Relay final : public std::enable_shared_from_this<Relay>, private net::Activity::Source {
 public:
  struct Events {
    std::function<void(LinkEvent)> event;
    /// A packet passed the real link; null when nobody wants to know.
    Link::Watcher packet{};
    /// The broker's packets go through it, if there is one.
    PacketGate gate{};
  };

  /// The clocks on both sides of the link.
  struct Clocks {
    /// Who moves the module's clock waits for the answers that are under way.
    std::shared_ptr<net::Activity> activity = std::make_shared<net::Activity>();
    /// Nothing: it goes at one scale for ever.
    std::optional<ModuleTime> module{};
  };

  /// `events` may run inside a call, so they have to post. `packet_cap` in bytes.
  Relay(PahoWorld& world, std::unique_ptr<net::Stream> link, std::size_t packet_cap, Events events,
        Clocks clocks);

  /// Begins to read the link. Everything below is ignored unless the state allows it.
  void start();

  /// `store` holds the inbound qos 2 messages of the session that `request` names.
  void connect(const ConnectRequest& request, std::shared_ptr<Qos2Store> store);
  void subscribe(Ticket ticket, std::uint16_t msg_id, const std::vector<TopicFilter>& filters);
  void unsubscribe(Ticket ticket, std::uint16_t msg_id, const std::vector<std::string>& topics);
  void publish(Ticket ticket, PublishRequest request);
  void resend(Ticket ticket);
  void ping();
  void disconnect();
  [[nodiscard]] bool delivered() const { return link_->delivered(); }

  /// Stops reading the link, or goes on.
  void back_pressure(bool on);

  /// A packet as though it came over the link. Nobody is told of the answers to it.
  [[nodiscard]] bool inject(Packet packet);

  /// Closes the link without DISCONNECT, then the hop, then the library's object.
  void cut();

 private:
  enum class State {
    established,    // connected by TCP or TLS only
    connecting,     // CONNECT is under way, or sent
    connected,      // CONNACK 0
    refused,        // CONNACK with another code; the broker's FIN belongs to it
    disconnecting,  // DISCONNECT is under way
    draining,       // the link is gone, the library still delivers what came before
    closed,
  };

  [[nodiscard]] bool under_way() override;
  bool came(const Packet& packet);
  void ping_as_stand_in();

  /// Of a packet that is none of the module's.
  static constexpr std::uint64_t stand_in_tag = UINT64_MAX;

  void start_library();
  void restart_library(const std::string& why);
  void start_hop(boost::asio::ip::tcp::socket socket, const Packet& connect);
  void on_link_packet(Packet packet);
  void on_link_written(const Packet& packet, std::uint64_t tag);
  void on_link_ended(const boost::system::error_code& error, std::optional<PacketType> unsent);
  void on_connack(Packet packet);
  void on_ack(Packet packet);
  void on_received(Packet packet, const Flights::Found& found);
  void on_publish(Packet packet);
  void on_pubrel(Packet packet);
  void on_pong();

  void on_hop_packet(Packet packet);
  void on_hop_ended();
  void on_library_request(Packet packet);
  void on_library_pubrel(Packet packet);
  void on_library_ack(Packet packet);
  void on_library_disconnect();
  void on_library_message(PahoMessage message);

  [[nodiscard]] std::uint16_t free_id() const;
  bool answers_injected(const Packet& packet);
  bool expect(Ticket ticket, const Flight& flight, std::uint16_t msg_id);
  void to_link(Packet packet, std::uint64_t tag = 0);
  void to_hop(Packet packet);
  void send_disconnect();
  bool wait_on(unsigned waits);
  bool library_owes() const;
  void apply_back_pressure();
  void down(DownReason reason, std::string detail);
  void end(LinkEvent event);
  void emit(LinkEvent event) { events_.event(std::move(event)); }
  void show(Direction direction, const Packet& packet) const;

  PahoWorld& world_;
  Events events_;
  State state_ = State::established;
  std::shared_ptr<PacketStream> link_;
  std::shared_ptr<PacketStream> hop_;
  std::shared_ptr<PahoClient> library_;
  std::string nonce_;
  ConnectRequest request_;
  Flights flights_;
  std::shared_ptr<Qos2Store> store_;
  Deliveries deliveries_;
  std::set<std::uint16_t> hidden_pubrecs_;
  std::set<std::uint16_t> injected_;  // messages that the library has not answered to the end
  std::set<std::uint16_t> repeated_subscribes_;  // by id on the wire
  unsigned pings_ = 0;
  Awaited awaited_;
  StandIn stand_in_;
  bool disconnect_passed_ = false;
  LibraryWatch watch_;
  unsigned attempts_ = 0;
  boost::asio::steady_timer retry_;
  boost::asio::steady_timer drain_;
  std::optional<link_event::Down> draining_for_;
  bool client_is_full_ = false;
};

}  // namespace mqtt_backend
