// Any bytes of a host to the multiplexer, in any pieces: what it says and what it tells are the
// same however they are cut, each write is one whole frame, and a slow line loses and adds nothing.
// The first byte says how large the pieces are, the second how many DLCIs there are and what the
// line takes at a time.
#include "at_engine/mux/multiplexer.hpp"
#include "tests/fuzz/pieces.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace fuzz;
using namespace at::mux;

/// A frame of the module alone in its write, told by type and data.
struct Said {
  int dlci;
  FrameType type;
  std::string data;
  bool operator==(const Said&) const = default;
};

Said said_in(std::string_view bytes) {
  Framer framer;
  const auto frame = framer.next(bytes);
  require(frame && bytes.empty(), "one whole frame a write");
  const bool is_data = frame->type == FrameType::uih;
  require(is_data || frame->type == FrameType::ua || frame->type == FrameType::dm,
          "the module commands nothing");
  require(frame->command_response != is_data, "the responder's C/R");
  require(frame->dlci <= Multiplexer::last_refused, "no word on a DLCI above the table");
  return {frame->dlci, frame->type, std::string(frame->data)};
}

class Session : public Line, public Events {
 public:
  Session(int dlcis, std::size_t share) : share_(share), room_(share) {
    multiplexer_.emplace(Parameters{}, dlcis, *this, *this);
  }

  void feed(std::string_view bytes) {
    multiplexer_->receive(bytes);
    judge();
    if (share_ == unlimited) return;
    room_ = share_;
    multiplexer_->drained();
    judge();
  }

  /// The line takes all that is left, as far as the host lets it.
  void finish() {
    room_ = unlimited;
    multiplexer_->drained();
    judge();
  }

  /// What the module said, frame by frame, and what it told, event by event.
  [[nodiscard]] const std::vector<Said>& frames() const { return frames_; }
  [[nodiscard]] const std::string& told() const { return told_; }

  static constexpr auto unlimited = std::numeric_limits<std::size_t>::max();

 private:
  void write(std::string_view frame) override {
    frames_.push_back(said_in(frame));
    if (room_ != unlimited) room_ -= std::min(room_, frame.size());
  }
  [[nodiscard]] std::size_t room() const override { return room_; }

  void opened(int dlci) override {
    require(!std::exchange(open_[index(dlci)], true), "opened once");
    told_ += fmt::format("opened {}\n", dlci);
    multiplexer_->write(dlci, "\r\nRDY\r\n");
  }
  void closed(int dlci, Closing why) override {
    require(std::exchange(open_[index(dlci)], false), "closed once");
    told_ += fmt::format("closed {} {}\n", dlci, static_cast<int>(why));
    multiplexer_->write(dlci, "\r\nNO CARRIER\r\n");
  }
  void received(int dlci, std::string_view bytes) override {
    require(open_[index(dlci)] && !bytes.empty(), "data of an open DLCI");
    told_ += fmt::format("received {} {}\n", dlci, bytes);
    multiplexer_->write(dlci, bytes);
    if (bytes.front() == 'h') multiplexer_->hold(dlci, bytes.size() % 2 == 0);
    if (bytes.front() == 'c') multiplexer_->carrier_lost(dlci);
  }
  void drained(int dlci) override { require(open_[index(dlci)], "an open DLCI is drained"); }
  void host_signals(int dlci, const Signals& before, const Signals& now) override {
    require(open_[index(dlci)] && before != now, "signals that have changed");
    told_ += fmt::format("signals {} {}\n", dlci, octet_of(now));
  }
  void ended(Ending how, std::string_view) override {
    require(std::none_of(open_.begin(), open_.end(), [](bool open) { return open; }),
            "all closed before the end");
    told_ += fmt::format("ended {}\n", static_cast<int>(how));
  }

  static std::size_t index(int dlci) {
    require(dlci >= 1 && dlci <= Multiplexer::max_dlcis, "a DLCI");
    return static_cast<std::size_t>(dlci);
  }

  void judge() {
    require(multiplexer_->sender().queued_control() <= Sender::max_control, "control is bounded");
    for (int dlci = 1; dlci <= Multiplexer::max_dlcis; ++dlci) {
      const auto state = multiplexer_->state(dlci);
      require(state.open == open_[index(dlci)], "open as it was told");
      require(state.queued <= Sender::max_queue, "data are bounded");
      require(state.open || state.queued == 0, "nothing waits on a closed DLCI");
    }
  }

  std::size_t share_;
  std::size_t room_;
  std::array<bool, Multiplexer::max_dlcis + 1> open_{};
  std::vector<Said> frames_;
  std::string told_;
  std::optional<Multiplexer> multiplexer_;
};

void play(Session& session, Pieces pieces) {
  while (!pieces.empty()) session.feed(pieces.next(~std::size_t{0}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const std::size_t piece = data[0];
  const int dlcis = data[1] % Multiplexer::max_dlcis + 1;
  const std::size_t share = data[1] / Multiplexer::max_dlcis + 1;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 2), size - 2);

  Session whole(dlcis, Session::unlimited);
  play(whole, {bytes, bytes.size()});
  Session cut(dlcis, Session::unlimited);
  play(cut, {bytes, piece});
  require(whole.frames() == cut.frames(), "the same frames however the bytes are cut");
  require(whole.told() == cut.told(), "the same events however the bytes are cut");

  Session slow(dlcis, share);
  play(slow, {bytes, piece});
  slow.finish();
  require(slow.told() == whole.told(), "the same events on a slow line");
  return 0;
}
