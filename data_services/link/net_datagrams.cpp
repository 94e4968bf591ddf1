#include "data_services/link/net_datagrams.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

namespace data_services {

using boost::asio::ip::udp;
using boost::system::error_code;

// Handlers under way share it; once shut, they come to nothing.
class NetDatagrams::Port final : public std::enable_shared_from_this<Port> {
 public:
  Port(boost::asio::io_context& io, const net::DialerOptions& options,
       const net::ListenPlace& place, const Endpoint& endpoint, Events events)
      : io_(io),
        resolver_(options.resolver),
        traffic_(options.traffic),
        activity_(options.activity),
        tap_(options.tap),
        place_(place),
        endpoint_(endpoint),
        events_(std::move(events)),
        socket_(io) {}

  void start() {
    if (endpoint_.protocol == Protocol::udp_service)
      return boost::asio::post(io_, [self = shared_from_this()] { self->serve(); });
    question_ = resolver_->start({endpoint_.host, endpoint_.port}, {endpoint_.name_servers},
                                 [self = shared_from_this()](error_code error, const auto& found) {
                                   self->resolved(error, found.endpoints);
                                 });
  }

  void shut() {
    over_ = true;
    question_.reset();
    error_code ignored;
    socket_.close(ignored);
  }

  void want(std::size_t bytes) {
    wanted_ += bytes;
    receive();
  }

  void send(const std::string& bytes, const Origin& to) {
    error_code lost;
    udp::endpoint peer;
    if (endpoint_.protocol == Protocol::udp) {
      peer = socket_.remote_endpoint(lost);
      socket_.send(boost::asio::buffer(bytes), 0, lost);
    } else {
      peer = {boost::asio::ip::make_address(to.address, lost), to.port};
      if (lost || !resolver_->egress().admits(peer.address())) return;
      socket_.send_to(boost::asio::buffer(bytes), peer, 0, lost);
    }
    if (!lost) show(net::Tap::Direction::sent, peer, bytes);
    if (lost) spdlog::info("datagram of {} bytes is not sent: {}", bytes.size(), lost.message());
    traffic_->count_sent(endpoint_.cid, bytes.size());
    activity_->stir();
  }

  void close() {
    boost::asio::post(io_, [self = shared_from_this()] {
      if (!self->over_) self->events_.closed();
    });
  }

 private:
  void resolved(const error_code& error, const net::Resolver::Endpoints& found) {
    if (over_) return;
    if (error) return fail(OpenFailure::unresolved, error);
    const auto admitted = resolver_->egress().admitted(found);
    if (admitted.empty()) return fail(OpenFailure::unreachable, boost::asio::error::access_denied);
    const udp::endpoint peer(admitted.front().address(), admitted.front().port());
    const auto any = peer.protocol() == udp::v4()
                         ? boost::asio::ip::address(boost::asio::ip::address_v4::any())
                         : boost::asio::ip::address(boost::asio::ip::address_v6::any());
    open({any, endpoint_.local_port}, peer);
  }

  void serve() {
    const auto here = place_.of(endpoint_.local_port);
    if (!here) return fail(OpenFailure::local_port_taken, boost::asio::error::invalid_argument);
    open({here->address, here->port}, {});
  }

  void open(const udp::endpoint& here, const std::optional<udp::endpoint>& peer) {
    if (over_) return;
    error_code error;
    socket_.open(here.protocol(), error);
    // Where datagrams may go the egress says, broadcasts as others.
    if (!error) socket_.set_option(udp::socket::broadcast(true), error);
    if (!error && here.port() != 0) socket_.bind(here, error);
    if (error) return fail(OpenFailure::local_port_taken, error);
    if (peer) socket_.connect(*peer, error);
    if (error) return fail(OpenFailure::unreachable, error);
    socket_.non_blocking(true, error);
    is_open_ = true;
    const auto port = socket_.local_endpoint(error).port();
    events_.opened({peer ? peer->address().to_string() : std::string(), port});
  }

  void show(net::Tap::Direction direction, const udp::endpoint& peer, std::string_view bytes) {
    if (!tap_) return;
    using boost::asio::ip::tcp;
    error_code gone;
    const auto here = socket_.local_endpoint(gone);
    tap_->datagram(
        {tcp::endpoint(here.address(), here.port()),
         tcp::endpoint(peer.address(), endpoint_.port != 0 ? endpoint_.port : peer.port())},
        direction, bytes);
  }

  void fail(OpenFailure failure, const error_code& error) {
    spdlog::info("socket for datagrams to {}:{} failed: {}", endpoint_.host, endpoint_.port,
                 error.message());
    events_.failed(failure);
  }

  void receive() {
    if (over_ || receiving_ || !is_open_ || wanted_ == 0) return;
    receiving_ = true;
    socket_.async_wait(udp::socket::wait_read, [self = shared_from_this()](error_code error) {
      self->receiving_ = false;
      if (!error && !self->over_) self->take();
    });
  }

  /// One datagram. That an earlier one was lost may be told in its place.
  void take() {
    error_code error;
    std::string bytes(socket_.available(error), '\0');
    udp::endpoint from;
    const auto size = socket_.receive_from(boost::asio::buffer(bytes), from, 0, error);
    if (!error) {
      wanted_ -= std::min(wanted_, size);
      traffic_->count_received(endpoint_.cid, size);
      activity_->stir();
      show(net::Tap::Direction::received, from, bytes);
      events_.arrived({std::move(bytes), {from.address().to_string(), from.port()}});
    }
    receive();
  }

  boost::asio::io_context& io_;
  std::shared_ptr<net::Resolver> resolver_;
  std::shared_ptr<cellular::Traffic> traffic_;
  std::shared_ptr<net::Activity> activity_;
  std::shared_ptr<net::Tap> tap_;
  net::ListenPlace place_;
  Endpoint endpoint_;
  Events events_;
  udp::socket socket_;
  std::unique_ptr<net::DnsQuestion> question_;
  std::size_t wanted_ = 0;
  bool is_open_ = false;
  bool receiving_ = false;
  bool over_ = false;
};

NetDatagrams::NetDatagrams(boost::asio::io_context& io, const net::DialerOptions& options,
                           const net::ListenPlace& place, const Endpoint& endpoint, Events events)
    : port_(std::make_shared<Port>(io, options, place, endpoint, std::move(events))) {
  port_->start();
}

NetDatagrams::~NetDatagrams() { port_->shut(); }

void NetDatagrams::want(std::size_t bytes) { port_->want(bytes); }
void NetDatagrams::send(std::string bytes, const Origin& to) { port_->send(bytes, to); }
void NetDatagrams::close() { port_->close(); }

}  // namespace data_services
