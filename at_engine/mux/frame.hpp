// Frames of the multiplexer's basic option and the bytes of a line (27.010 5.2; MUX-12, MUX-13):
// strict in what is sent (MUX-19), liberal in what is taken (MUX-16 to MUX-18, MUX-20, T-1, T-11).
// Owned by the Multiplexer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace at::mux {

/// The control field, its P/F bit aside.
enum class FrameType : std::uint8_t {
  sabm = 0x2F,
  ua = 0x63,
  dm = 0x0F,
  disc = 0x43,
  uih = 0xEF,
  ui = 0x03,
};

struct Frame {
  int dlci = 0;  // 0 to 63
  bool command_response = false;
  FrameType type = FrameType::uih;
  bool poll_final = false;
  std::string_view data{};

  friend bool operator==(const Frame&, const Frame&) = default;
};

/// Puts the bytes of `frame` behind `bytes`, with an opening and a closing flag of its own. Its
/// data are Framer::max_data bytes at the most.
void append(std::string& bytes, const Frame& frame);
[[nodiscard]] std::string encode(const Frame& frame);

/// Finds the frames in what a line brings. Data are counted by length, flags are looked for only
/// where a frame is due and after an error; so the frames are the same however the bytes are cut.
class Framer {
 public:
  /// What two bytes of length can say.
  static constexpr std::size_t max_data = 0x7FFF;
  /// Most bytes that are kept of a frame that is not whole, with those that wait to be dropped.
  static constexpr std::size_t max_kept = 2 * (max_data + 7);

  struct Counters {
    std::uint64_t frames = 0;
    std::uint64_t wrong_checks = 0;  // frames dropped for their check byte
    std::uint64_t lost_syncs = 0;    // what stood where a frame was due was none
  };

  /// The next frame, off the front of `bytes`; nothing when all of them are taken in and none is
  /// whole. Its data are valid until the next call, or as long as `bytes` are.
  [[nodiscard]] std::optional<Frame> next(std::string_view& bytes);

  /// What was taken in behind the last frame, and belongs to no frame yet.
  [[nodiscard]] std::string_view unread() const { return std::string_view(kept_).substr(used_); }

  /// Bytes of memory that are in use, max_kept at the most.
  [[nodiscard]] std::size_t kept() const { return kept_.size(); }

  /// Forgets a frame that has begun.
  void forget();

  [[nodiscard]] const Counters& counters() const { return counters_; }

 private:
  struct Step {
    std::size_t used = 0;     // bytes that are done with
    std::size_t missing = 0;  // bytes that are needed before more can be said; 0: here is a frame
    std::optional<Frame> frame{};
  };

  [[nodiscard]] Step examine(std::string_view bytes);
  void keep(std::string_view& bytes, std::size_t count);

  std::string kept_;  // behind a flag, from `used_` on
  std::size_t used_ = 0;
  bool synced_ = true;  // what comes is a frame, or a flag
  Counters counters_;
};

}  // namespace at::mux
