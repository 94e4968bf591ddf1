#include "mqtt_backend/link/link_paho.hpp"

#include "net/counted_stream.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace mqtt_backend {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

OpenResult result_for(const error_code& error) {
  namespace failure = boost::asio::error;
  const bool refused = error == failure::connection_refused || error == failure::connection_reset ||
                       error == failure::connection_aborted;
  return refused ? OpenResult::refused : OpenResult::unreachable;
}

}  // namespace

// Everything of one opening. Handlers share it, because a connect under way needs its socket to the
// end; once abandoned, all of them and all events under way come to nothing.
struct LinkPaho::Opening {
  explicit Opening(boost::asio::io_context& io) : socket(io) {}
  tcp::socket socket;
  ssl_ctx::TlsContext tls;
  std::unique_ptr<net::TlsStream> handshake;  // while it lasts
  std::shared_ptr<Relay> relay;
  bool abandoned = false;

  void close_socket() {
    error_code ignored;
    (handshake ? handshake->socket() : socket).close(ignored);
  }
};

LinkPaho::LinkPaho(PahoWorld& world, LinkOptions options)
    : world_(world), options_(std::move(options)), lookup_(world.io()) {}

LinkPaho::~LinkPaho() { close(); }

void LinkPaho::listen(Listener listener) { *listener_ = std::move(listener); }

void LinkPaho::open(const Endpoint& endpoint) {
  close();
  opening_ = std::make_shared<Opening>(world_.io());
  endpoint_ = endpoint;
  if (endpoint.tls) {
    auto made = ssl_ctx::make_tls_context(endpoint.tls, options_.tls);
    if (const auto* why = std::get_if<std::string>(&made))
      return fail(OpenResult::tls_failed, *why);
    opening_->tls = std::move(std::get<ssl_ctx::TlsContext>(made));
  }
  if (!world_.warm_up()) return fail(OpenResult::unreachable, "no loopback listener");
  error_code not_numeric;
  const auto address = boost::asio::ip::make_address(endpoint.host, not_numeric);
  if (!not_numeric) return connect_tcp({{address, endpoint.port}});
  if (const auto name = options_.names.find(lower(endpoint.host)); name != options_.names.end()) {
    const auto port = name->second.ports.find(endpoint.port);
    const bool mapped = port != name->second.ports.end();
    return connect_tcp({{name->second.address, mapped ? port->second : endpoint.port}});
  }
  lookup_.start(
      endpoint.host, endpoint.port,
      [this, opening = opening_](error_code error, const net::NameLookup::Endpoints& found) {
        if (opening->abandoned) return;
        if (error) return fail(OpenResult::unresolved, error.message());
        connect_tcp(found);
      });
}

void LinkPaho::connect_tcp(const std::vector<tcp::endpoint>& targets) {
  boost::asio::async_connect(opening_->socket, targets,
                             [this, opening = opening_](error_code error, const tcp::endpoint&) {
                               if (!opening->abandoned) on_tcp(error);
                             });
}

void LinkPaho::on_tcp(const error_code& error) {
  if (error) return fail(result_for(error), error.message());
  error_code gone;
  const auto here = opening_->socket.local_endpoint(gone);
  const auto there = opening_->socket.remote_endpoint(gone);
  if (gone) return fail(OpenResult::refused, gone.message());
  // TCP may connect a socket to itself when nobody listens on a port of the ephemeral range.
  if (here == there) return fail(OpenResult::refused, "nobody listens");
  if (opening_->tls) return shake_hands();
  stand(std::make_unique<net::TcpStream>(std::move(opening_->socket)));
}

void LinkPaho::shake_hands() {
  post(link_event::Negotiating{});
  opening_->handshake =
      std::make_unique<net::TlsStream>(std::move(opening_->socket), opening_->tls);
  auto& stream = opening_->handshake->native();
  ssl_ctx::prepare_tls(stream.native_handle(), *endpoint_.tls, endpoint_.host);
  options_.sessions->offer(stream.native_handle(), *endpoint_.tls, endpoint_.host, endpoint_.port);
  stream.async_handshake(boost::asio::ssl::stream_base::client,
                         [this, opening = opening_](error_code error) {
                           if (!opening->abandoned) on_tls(error);
                         });
}

void LinkPaho::on_tls(const error_code& error) {
  SSL* ssl = opening_->handshake->native().native_handle();
  if (error) return fail(OpenResult::tls_failed, ssl_ctx::tls_failure(ssl, error));
  spdlog::info("mqtt open {}:{}: {}", endpoint_.host, endpoint_.port, ssl_ctx::describe_tls(ssl));
  options_.sessions->keep(ssl, *endpoint_.tls, endpoint_.host, endpoint_.port);
  stand(std::move(opening_->handshake));
}

void LinkPaho::stand(std::unique_ptr<net::Stream> stream) {
  auto counted = std::make_unique<net::CountedStream>(std::move(stream), options_.traffic);
  opening_->relay = std::make_shared<Relay>(world_, std::move(counted), options_.packet_cap,
                                            [this](LinkEvent event) { post(std::move(event)); });
  opening_->relay->start();
  post(link_event::Opened{OpenResult::ok});
}

void LinkPaho::fail(OpenResult result, const std::string& detail) {
  spdlog::info("mqtt open {}:{} failed: {}", endpoint_.host, endpoint_.port, detail);
  opening_->close_socket();
  post(link_event::Opened{result});
}

void LinkPaho::connect(const ConnectRequest& request) {
  if (!opening_ || !opening_->relay) return;
  std::string session = fmt::format("{}:{} {}", endpoint_.host, endpoint_.port, request.client_id);
  if (request.clean_session || session != session_) store_->clear();
  session_ = std::move(session);
  opening_->relay->connect(request, store_);
}

Ticket LinkPaho::subscribe(std::uint16_t msg_id, const std::vector<TopicFilter>& filters) {
  const Ticket ticket = ++last_ticket_;
  if (opening_ && opening_->relay) opening_->relay->subscribe(ticket, msg_id, filters);
  return ticket;
}

Ticket LinkPaho::unsubscribe(std::uint16_t msg_id, const std::vector<std::string>& topics) {
  const Ticket ticket = ++last_ticket_;
  if (opening_ && opening_->relay) opening_->relay->unsubscribe(ticket, msg_id, topics);
  return ticket;
}

Ticket LinkPaho::publish(PublishRequest request) {
  const Ticket ticket = ++last_ticket_;
  if (opening_ && opening_->relay) opening_->relay->publish(ticket, std::move(request));
  return ticket;
}

void LinkPaho::resend(Ticket ticket) {
  if (opening_ && opening_->relay) opening_->relay->resend(ticket);
}

void LinkPaho::ping() {
  if (opening_ && opening_->relay) opening_->relay->ping();
}

void LinkPaho::disconnect() {
  if (opening_ && opening_->relay) return opening_->relay->disconnect();
  close();
  opening_ = std::make_shared<Opening>(world_.io());
  post(link_event::Disconnected{true});
}

bool LinkPaho::delivered() const {
  return !opening_ || !opening_->relay || opening_->relay->delivered();
}

void LinkPaho::back_pressure(bool on) {
  if (opening_ && opening_->relay) opening_->relay->back_pressure(on);
}

void LinkPaho::close() {
  if (!opening_) return;
  const auto old = std::exchange(opening_, nullptr);
  old->abandoned = true;
  if (old->relay) old->relay->cut();
  old->close_socket();
}

void LinkPaho::post(LinkEvent event) {
  boost::asio::post(world_.io(),
                    [opening = opening_, listener = listener_, event = std::move(event)]() mutable {
                      if (!opening->abandoned && *listener) (*listener)(std::move(event));
                    });
}

}  // namespace mqtt_backend
