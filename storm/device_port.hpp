// A modem's pseudo-terminal, used raw. Owned by the Member.
#pragma once

#include "storm/stream_port.hpp"

#include <string>

#include <boost/asio/posix/stream_descriptor.hpp>

namespace storm {

class DevicePort final : public StreamPort<boost::asio::posix::stream_descriptor> {
 public:
  DevicePort(boost::asio::io_context& loop, PortListener& listener, std::string path)
      : StreamPort(loop, listener), path_(std::move(path)) {}

  void open() override;

 private:
  std::string path_;
};

}  // namespace storm
