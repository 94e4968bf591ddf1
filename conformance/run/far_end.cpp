#include "conformance/run/far_end.hpp"

#include <algorithm>

#include <boost/asio/ip/address.hpp>

namespace conformance {

using boost::asio::ip::tcp;

void FarLine::start() {
  socket_.set_option(tcp::no_delay(true));
  read();
}

void FarLine::heard(std::string_view bytes) {
  last_heard = Clock::now();
  unread += bytes.substr(0, max_unread - std::min(max_unread, unread.size()));
  on_bytes_(bytes);
}

void FarLine::ended(bool) {
  is_over = true;
  last_heard = Clock::now();
}

FarEnd::FarEnd(Loop& loop, const std::string& address)
    : acceptor_(loop.io(), {boost::asio::ip::make_address(address), 0}) {
  accept();
}

void FarEnd::accept() {
  acceptor_.async_accept([this](boost::system::error_code error, tcp::socket socket) {
    if (error) return;
    auto line = std::make_shared<FarLine>(std::move(socket),
                                          [this](std::string_view bytes) { on_bytes(bytes); });
    lines_.push_back(line);
    waiting.push_back(line);
    line->start();
    accept();
  });
}

void FarEnd::clear() {
  for (const auto& line : lines_) line->close();
  lines_.clear();
  waiting.clear();
}

}  // namespace conformance
