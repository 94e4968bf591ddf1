// A modem's port that listens on TCP. Owned by the Member.
#pragma once

#include "storm/core/ready_list.hpp"
#include "storm/stream_port.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace storm {

class TcpPort final : public StreamPort<boost::asio::ip::tcp::socket> {
 public:
  TcpPort(boost::asio::io_context& loop, PortListener& listener, TcpPlace place)
      : StreamPort(loop, listener), place_(std::move(place)) {}

  void open() override;

 private:
  TcpPlace place_;
};

}  // namespace storm
