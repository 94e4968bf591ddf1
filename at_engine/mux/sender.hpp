// Which frame goes next: control first, then one of each DLCI in turn (T-23), no more at a time
// than the line has room for, none of a DLCI that the host has stopped (MUX-28, MUX-29). Owned by
// the Multiplexer.
#pragma once

#include "at_engine/mux/frame.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace at::mux {

/// The line under the multiplexer. Its calls must not come back into the multiplexer.
class Line {
 public:
  /// Bytes that a line should say it has room for at the most, so that the answer of one DLCI
  /// stands behind two frames of another's bulk and no more.
  static constexpr std::size_t share = 256;

  virtual ~Line() = default;

  /// One frame, to be one write on the wire (MUX-19). Never fails.
  virtual void write(std::string_view frame) = 0;

  /// Bytes that it takes now without keeping many. While there is any room a frame is written,
  /// which may be longer; once there is none, Multiplexer::drained() tells that there is some
  /// again.
  [[nodiscard]] virtual std::size_t room() const = 0;
};

class Sender {
 public:
  static constexpr int max_dlci = 4;
  /// Bytes that wait on a DLCI before its writers are asked to wait.
  static constexpr std::size_t share = 4096;
  /// Most bytes that wait on a DLCI; a unit that would exceed it is dropped whole.
  static constexpr std::size_t max_queue = std::size_t{4} << 20U;
  /// Most bytes of control frames that wait; one that would exceed it is dropped.
  static constexpr std::size_t max_control = std::size_t{8} * 1024;

  struct Counters {
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;    // of data
    std::uint64_t dropped = 0;  // of data, for want of place
  };

  /// `n1` bytes of data are in a frame at the most, 1 to Framer::max_data.
  Sender(Line& line, std::size_t n1);

  /// A frame that goes before all data, except that it waits for room too.
  void control(const Frame& frame);

  /// Bytes of one DLCI (1 to max_dlci), behind those that wait.
  void data(int dlci, std::string_view bytes);

  /// Hands on what may go.
  void flush();
  /// Hands on what control frames wait, room or not.
  void flush_control();

  /// The host takes nothing of this DLCI, or of any but 0; or takes it again.
  void stop(int dlci, bool stopped) { queue(dlci).stopped = stopped; }
  void stop_all(bool stopped) { all_stopped_ = stopped; }
  /// At most so many bytes of data in its frames, as far as `n1` admits them.
  void limit(int dlci, std::size_t n1);
  /// Forgets what waits on a DLCI, and what was set for it.
  void discard(int dlci);

  [[nodiscard]] std::size_t queued(int dlci) const { return queue(dlci).size(); }
  [[nodiscard]] bool is_stopped(int dlci) const { return all_stopped_ || queue(dlci).stopped; }
  [[nodiscard]] const Counters& counters(int dlci) const { return queue(dlci).counters; }
  [[nodiscard]] std::size_t queued_control() const { return control_bytes_; }
  [[nodiscard]] std::uint64_t dropped_control() const { return dropped_control_; }

 private:
  struct Queue {
    [[nodiscard]] std::size_t size() const { return bytes.size() - sent; }

    std::string bytes;
    std::size_t sent = 0;  // at the front of `bytes`
    std::size_t n1 = 0;
    bool stopped = false;
    Counters counters;
  };

  [[nodiscard]] Queue& queue(int dlci) { return queues_[static_cast<std::size_t>(dlci) - 1]; }
  [[nodiscard]] const Queue& queue(int dlci) const {
    return queues_[static_cast<std::size_t>(dlci) - 1];
  }
  void send_control();
  [[nodiscard]] bool send_data();
  void send_frame_of(int dlci);

  Line& line_;
  std::size_t n1_;
  std::deque<std::string> control_;
  std::size_t control_bytes_ = 0;
  std::uint64_t dropped_control_ = 0;
  std::array<Queue, max_dlci> queues_;
  bool all_stopped_ = false;
  int last_ = 0;       // the DLCI whose turn was last; 0: none's
  std::string frame_;  // of data, under way
};

}  // namespace at::mux
