#include "emulator/modem_capture.hpp"

#include "capture/ip_frame.hpp"

#include <utility>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace emulator {
namespace {

using boost::asio::ip::address;

capture::Direction direction_of(net::Tap::Direction direction) {
  return direction == net::Tap::Direction::sent ? capture::Direction::sent
                                                : capture::Direction::received;
}

capture::Endpoint endpoint_of(const address& address, std::uint16_t port) {
  if (address.is_v4()) return capture::Endpoint::v4(address.to_v4().to_bytes(), port);
  return capture::Endpoint::v6(address.to_v6().to_bytes(), port);
}

address plain(const address& any) {
  if (!any.is_v6() || !any.to_v6().is_v4_mapped()) return any;
  return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, any.to_v6());
}

/// Near and far, of one family; a socket of every address has that of its peer.
std::optional<std::pair<capture::Endpoint, capture::Endpoint>> both(const net::Tap::Ends& ends) {
  auto near = plain(ends.near.address());
  const auto far = plain(ends.far.address());
  if (near.is_v6() && far.is_v4() && near.is_unspecified())
    near = boost::asio::ip::address_v4::any();
  if (near.is_v4() != far.is_v4()) return std::nullopt;
  return std::pair(endpoint_of(near, ends.near.port()), endpoint_of(far, ends.far.port()));
}

}  // namespace

ModemCapture::ModemCapture(CaptureFile& file, std::string prefix)
    : file_(file), prefix_(std::move(prefix)), internet_(prefix_ + "internet") {}

void ModemCapture::opened(const Ends& ends, Direction by) {
  // Sequence numbers begin elsewhere each time, as a port may come again.
  constexpr std::uint32_t near_start = 0x10000000;
  constexpr std::uint32_t far_start = 0x80000000;
  constexpr std::uint32_t step = 0x01000193;
  const auto pair = both(ends);
  if (!pair || !file_.active()) return;
  const auto start = step * opened_++;
  const capture::TcpFlow::Ends story{
      pair->first, pair->second, by == Direction::sent ? capture::Side::near : capture::Side::far,
      near_start + start, far_start + start};
  flows_.erase(ends);
  flows_.try_emplace(ends, story, [this](capture::Direction direction, const std::string& packet) {
    write(direction, packet);
  });
}

void ModemCapture::passed(const Ends& ends, Direction direction, std::string_view bytes,
                          Clock::time_point at) {
  const auto flow = flows_.find(ends);
  if (flow == flows_.end()) return;
  at_ = at;
  flow->second.passed(direction_of(direction), bytes);
  at_.reset();
}

void ModemCapture::ended(const Ends& ends, Direction by, bool is_reset) {
  using capture::Ending;
  const auto flow = flows_.find(ends);
  if (flow == flows_.end()) return;
  if (by == Direction::sent)
    flow->second.ended(is_reset ? Ending::reset_by_near : Ending::finished_by_near);
  else
    flow->second.ended(is_reset ? Ending::reset_by_far : Ending::finished_by_far);
  if (flow->second.is_over()) flows_.erase(flow);
}

void ModemCapture::datagram(const Ends& ends, Direction direction, std::string_view bytes) {
  const auto pair = both(ends);
  if (!pair || bytes.size() > capture::max_udp_data) return;
  const auto& [near, far] = *pair;
  const bool is_sent = direction == Direction::sent;
  write(direction_of(direction),
        is_sent ? capture::udp_packet(near, far, bytes) : capture::udp_packet(far, near, bytes));
}

void ModemCapture::packet(int cid, bool from_host, std::string_view ip) {
  file_.packet(fmt::format("{}ppp{}", prefix_, cid),
               from_host ? capture::Direction::received : capture::Direction::sent, ip,
               Clock::now());
}

}  // namespace emulator
