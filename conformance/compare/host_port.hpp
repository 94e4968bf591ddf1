// Where a host comes when its session is recorded: a pseudo-terminal of ours or a TCP port.
#pragma once

#include "conformance/run/loop.hpp"

#include <filesystem>
#include <string>

#include <boost/asio/posix/stream_descriptor.hpp>

namespace conformance {

class HostPort {
 public:
  /// `pty`, `pty:LINK` or `tcp:[HOST:]PORT`. A TCP port waits here for its host. Throws
  /// std::invalid_argument for another word, std::runtime_error when it cannot be had.
  HostPort(Loop& loop, const std::string& where);
  ~HostPort();
  HostPort(const HostPort&) = delete;
  HostPort& operator=(const HostPort&) = delete;

  [[nodiscard]] boost::asio::posix::stream_descriptor& stream() { return stream_; }

 private:
  void open_pty(const std::string& link);
  void accept(Loop& loop, const std::string& address);

  boost::asio::posix::stream_descriptor stream_;
  int slave_ = -1;  // held open, so that the host may come and go
  std::filesystem::path link_;
};

}  // namespace conformance
