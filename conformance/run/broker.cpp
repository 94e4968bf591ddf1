#include "conformance/run/broker.hpp"

#include <boost/asio/ip/address.hpp>

namespace conformance {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

void Link::start(std::function<void(const std::string&)> on_request) {
  on_request_ = std::move(on_request);
  socket_.set_option(tcp::no_delay(true));
  on_request_("open");
  read();
}

void Link::ask(const std::string& text) {
  if (requests.size() < max_requests) requests.push_back({text, Clock::now()});
  on_request_(text);
}

void Link::heard(std::string_view bytes) {
  stream_ += bytes;
  while (const auto packet = wire::take_packet(stream_)) ask(narrator_.told(*packet));
}

void Link::ended(bool finished) {
  if (!finished) ask("close");
}

Broker::Broker(Loop& loop, const std::string& address)
    : acceptor_(loop.io(), {asio::ip::make_address(address), 0}) {
  accept();
}

void Broker::accept() {
  acceptor_.async_accept([this](error_code error, tcp::socket socket) {
    if (error) return;
    auto link = std::make_shared<Link>(std::move(socket));
    const int number = static_cast<int>(links_.size());
    links_.push_back(link);
    waiting.push_back(link);
    link->start([this, number](const std::string& text) { on_request(number, text); });
    accept();
  });
}

void Broker::clear() {
  for (const auto& link : links_) link->close();
  links_.clear();
  waiting.clear();
}

BlackHole::BlackHole(Loop& loop, const std::string& address) : acceptor_(loop.io()) {
  const tcp::endpoint endpoint(asio::ip::make_address(address), 0);
  acceptor_.open(endpoint.protocol());
  acceptor_.bind(endpoint);
  acceptor_.listen(0);
  // The kernel takes one connection more than the backlog says.
  constexpr int enough = 3;
  for (int i = 0; i < enough; ++i) {
    fill_.emplace_back(loop.io());
    fill_.back().open(endpoint.protocol());
    fill_.back().async_connect(acceptor_.local_endpoint(), [](error_code) {});
  }
}

RefusedPort::RefusedPort(Loop& loop, const std::string& address) : socket_(loop.io()) {
  const tcp::endpoint endpoint(asio::ip::make_address(address), 0);
  socket_.open(endpoint.protocol());
  socket_.bind(endpoint);
}

}  // namespace conformance
