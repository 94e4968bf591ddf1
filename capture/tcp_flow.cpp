#include "capture/tcp_flow.hpp"

#include <utility>

namespace capture {
namespace {

constexpr std::uint16_t window = 0xFFFF;
static_assert(TcpFlow::max_segment < window && TcpFlow::max_segment <= max_tcp_data);

}  // namespace

TcpFlow::TcpFlow(const Ends& ends, Sink sink)
    : halves_{Half{ends.near, ends.near_start}, Half{ends.far, ends.far_start}},
      sink_(std::move(sink)) {
  open(ends.opener == Side::near ? Direction::sent : Direction::received);
}

void TcpFlow::open(Direction opening) {
  give(opening, tcp_flag::syn);
  give(opposite(opening), tcp_flag::syn | tcp_flag::ack);
  give(opening, tcp_flag::ack);
}

void TcpFlow::passed(Direction direction, std::string_view bytes) {
  if (is_over() || half(direction).finished) return;
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, max_segment);
    give(direction, tcp_flag::psh | tcp_flag::ack, piece);
    give(opposite(direction), tcp_flag::ack);
    bytes.remove_prefix(piece.size());
  }
}

void TcpFlow::ended(Ending ending) {
  switch (ending) {
    case Ending::finished_by_near:
      return finish(Direction::sent);
    case Ending::finished_by_far:
      return finish(Direction::received);
    case Ending::reset_by_near:
      return reset(Direction::sent);
    case Ending::reset_by_far:
      return reset(Direction::received);
  }
}

void TcpFlow::finish(Direction direction) {
  if (is_over() || half(direction).finished) return;
  half(direction).finished = true;
  give(direction, tcp_flag::fin | tcp_flag::ack);
  give(opposite(direction), tcp_flag::ack);
}

void TcpFlow::reset(Direction direction) {
  if (is_over()) return;
  reset_ = true;
  give(direction, tcp_flag::rst | tcp_flag::ack);
}

bool TcpFlow::is_over() const {
  return reset_ || (halves_.front().finished && halves_.back().finished);
}

/// The next packet of one side: it acknowledges all that was seen of the other.
void TcpFlow::give(Direction direction, std::uint8_t flags, std::string_view data) {
  auto& from = half(direction);
  const auto& to = half(opposite(direction));
  const bool is_syn = (flags & tcp_flag::syn) != 0;
  TcpSegment segment{.sequence = from.next, .flags = flags, .window = window, .data = data};
  if ((flags & tcp_flag::ack) != 0) segment.acknowledged = to.next;
  if (is_syn) segment.max_segment = static_cast<std::uint16_t>(max_segment);
  from.next += static_cast<std::uint32_t>(data.size());
  if (is_syn || (flags & tcp_flag::fin) != 0) ++from.next;
  sink_(direction, tcp_packet(from.end, to.end, segment));
}

TcpFlow::Half& TcpFlow::half(Direction direction) {
  return halves_[static_cast<std::size_t>(direction)];
}

}  // namespace capture
