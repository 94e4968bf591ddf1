// Frames of PPP on an octet-stuffed line (RFC 1662, PPP-16 to PPP-20): flags 7E, escapes 7D, a
// check of 16 bits; and the header of a frame, in both its forms. Pure; a Session owns its
// Deframer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace data_services::ppp {

/// How frames go out. As it stands here: as to a peer that has agreed to nothing.
struct Framing {
  std::uint32_t accm = 0xFFFFFFFF;  // bit n: octet n is escaped
  bool compresses_address = false;  // FF 03 is left out
  bool compresses_protocol = false;
};

/// Takes frames out of a line's bytes. What is no frame is counted and dropped in silence.
/// reading: control octets are taken unescaped too, whatever was agreed: probes and hosts send
/// them, and nothing on the way makes any up (T-15, T-20).
class Deframer {
 public:
  /// Most octets of a frame, unescaped, with its check: any packet of 1500 and then some. What is
  /// longer is dropped whole.
  static constexpr std::size_t max_frame = 2048;
  /// Fewest: a protocol of one octet, one octet of it, and the check (RFC 1662 4.3 asks for 4).
  static constexpr std::size_t min_frame = 4;

  struct Counters {
    std::uint64_t good = 0;
    std::uint64_t bad_fcs = 0;
    std::uint64_t aborted = 0;  // by 7D 7E
    std::uint64_t too_long = 0;
    std::uint64_t too_short = 0;
  };

  /// The next whole frame in `bytes`, without its check, and what made it up off `bytes`; nothing
  /// when all are used up. What it names lasts until the next call. Bytes before the first flag
  /// count as a frame whose flag was lost.
  [[nodiscard]] std::optional<std::string_view> next(std::string_view& bytes);

  [[nodiscard]] const Counters& counters() const { return counters_; }

  /// Octets of a frame that has begun.
  [[nodiscard]] std::size_t begun() const { return frame_.size(); }

 private:
  void take(std::string_view run);
  [[nodiscard]] bool end_frame();

  std::string frame_;
  bool escaped_ = false;
  bool too_long_ = false;
  bool whole_ = false;  // frame_ was handed out
  Counters counters_;
};

/// A frame opened.
struct Frame {
  std::uint16_t protocol = 0;
  std::string_view information{};
};

/// The header of a frame in any of its forms, agreed or not (PPP-19); nothing where none can be.
[[nodiscard]] std::optional<Frame> open_frame(std::string_view frame);

/// Appends the frame of one packet, with a flag on both sides.
void append_frame(std::string& line, std::uint16_t protocol, std::string_view information,
                  const Framing& framing);

}  // namespace data_services::ppp
