// What one modem's sockets and data calls show the capture. Owned by its Unit.
#pragma once

#include "capture/tcp_flow.hpp"
#include "data_services/ppp/packet_net.hpp"
#include "emulator/capture_file.hpp"
#include "net/tap.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

class ModemCapture : public net::Tap, public data_services::ppp::PacketTap {
 public:
  /// `file` outlives it. `prefix` stands before the names of its interfaces: "modem-1/", or
  /// nothing.
  ModemCapture(CaptureFile& file, std::string prefix);

  void opened(const Ends& ends, Direction by) override;
  void passed(const Ends& ends, Direction direction, std::string_view bytes,
              Clock::time_point at) override;
  void ended(const Ends& ends, Direction by, bool is_reset) override;
  void datagram(const Ends& ends, Direction direction, std::string_view bytes) override;
  void packet(int cid, bool from_host, std::string_view ip) override;

 private:
  void write(capture::Direction direction, std::string_view ip) {
    file_.packet(internet_, direction, ip, at_.value_or(Clock::now()));
  }

  CaptureFile& file_;
  std::string prefix_;
  std::string internet_;
  std::map<Ends, capture::TcpFlow> flows_;  // of connections that last
  std::uint32_t opened_ = 0;
  std::optional<Clock::time_point> at_;  // when that was which is told
};

}  // namespace emulator
