// The module's side of the multiplexer (27.010 basic option, the responder): the bytes of one line
// on one side, up to four DLCIs on the other (MUX-12 to MUX-33, MUX-39 to MUX-41, MUX-46). It opens
// nothing and ends nothing by itself. Owned by whoever is online on the line's terminal.
#pragma once

#include "at_engine/mux/control.hpp"
#include "at_engine/mux/frame.hpp"
#include "at_engine/mux/parameters.hpp"
#include "at_engine/mux/sender.hpp"
#include "at_engine/mux/signals.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace at::mux {

/// Why a DLCI is closed: the host's DISC, its DM, or the end of the multiplexer.
enum class Closing { disconnected, refused, multiplexer_ended };

/// How the host ended the multiplexer: by CLD, or by DISC of DLCI 0.
enum class Ending { close_down, disconnected };

/// Told in the order of the line's bytes, never from inside write(), hold(), ring() or
/// carrier_lost(). Each may call the multiplexer, receive() and host_left() aside, and may destroy
/// it. A DLCI here is one of 1 to 4.
class Events {
 public:
  virtual ~Events() = default;

  /// UA and MSC are on their way before anything that is written from here.
  virtual void opened(int dlci) = 0;

  /// What is written to it from now on is lost; a call on it is hung up (MUX-23).
  virtual void closed(int dlci, Closing why) = 0;

  /// Data of the host; valid during the call, even if it destroys the multiplexer.
  virtual void received(int dlci, std::string_view bytes) = 0;

  /// All that was written to it, when it had no room, has gone to the line.
  virtual void drained(int dlci) = 0;

  /// The host's signals are other ones: `ready` is its DTR (&D), and what stops the sender has
  /// stopped it (MUX-28).
  virtual void host_signals(int dlci, const Signals& before, const Signals& now) = 0;

  /// The last event. The answer has been written, every DLCI was told to be closed; `rest` is for
  /// the terminal of the line, which is in command state again (MUX-39, MUX-40).
  virtual void ended(Ending how, std::string_view rest) = 0;
};

/// What there is to see of one DLCI. Counters go on when it is closed and opened again.
struct DlciState {
  bool open = false;
  bool stopped = false;     // the host takes nothing on it
  bool holds_host = false;  // the host is asked to send nothing
  std::size_t queued = 0;   // bytes that wait for the line
  Signals host{};
  Signals module{};
  std::uint64_t opened = 0;  // times
  std::uint64_t frames_in = 0;
  std::uint64_t bytes_in = 0;
  Sender::Counters out{};
};

class Multiplexer {
 public:
  static constexpr int max_dlcis = Sender::max_dlci;
  /// DLCIs up to here are refused where they are none; those above get no answer (MUX-17, MUX-21).
  static constexpr int last_refused = 7;

  /// DLCIs 1 to `dlcis` (1 to max_dlcis) can be opened. `line` and `events` outlive it.
  Multiplexer(const Parameters& parameters, int dlcis, Line& line, Events& events);
  ~Multiplexer() { receiver_->is_orphaned = true; }
  Multiplexer(const Multiplexer&) = delete;
  Multiplexer& operator=(const Multiplexer&) = delete;

  /// Bytes of the line, in any pieces. None are taken in after the end.
  void receive(std::string_view bytes);

  /// The line, which had no room, has some again. Not from inside Line::write().
  void drained();

  /// The host is away, and a frame that it had begun is forgotten; everything else stays (MUX-45).
  void host_left() { receiver_->framer.forget(); }

  /// Bytes of a DLCI to the host, in frames of at most N1 bytes. Lost while it is closed.
  void write(int dlci, std::string_view bytes);

  /// Bytes that write() takes without keeping many; more may be written all the same, up to
  /// Sender::max_queue. Who has used them up is told by Events::drained().
  [[nodiscard]] std::size_t room(int dlci) const;

  /// The host is to wait with what it sends on a DLCI, or no longer.
  void hold(int dlci, bool held);

  /// The ring indicator of a DLCI is active or not.
  void ring(int dlci, bool active);

  /// DV of a DLCI falls, and is set again once what is written next has gone (MUX-26).
  void carrier_lost(int dlci);

  /// 0 to 4; any other is never open.
  [[nodiscard]] bool is_open(int dlci) const;
  /// Of a DLCI from 1 to 4.
  [[nodiscard]] DlciState state(int dlci) const;
  [[nodiscard]] bool has_ended() const { return ended_; }
  /// Whether a host has RTC set on any open DLCI: the module may sleep only if not (MUX-28, SLP-1).
  [[nodiscard]] bool host_is_ready() const;

  [[nodiscard]] const Parameters& parameters() const { return parameters_; }
  [[nodiscard]] const Sender& sender() const { return sender_; }

 private:
  /// Outlives the multiplexer while a call of it is under way.
  struct Receiver {
    Framer framer;
    bool is_orphaned = false;
  };
  enum class Carrier { present, lost, returning };
  struct Dlc {
    bool open = false;
    bool status_acknowledged = false;  // the host has answered the last MSC
    bool starved = false;              // somebody waits for drained()
    Carrier carrier = Carrier::present;
    Signals host{};
    Signals module{};
    std::uint64_t opened = 0;
    std::uint64_t frames_in = 0;
    std::uint64_t bytes_in = 0;
  };

  [[nodiscard]] Dlc& dlc(int dlci) { return dlcs_[static_cast<std::size_t>(dlci)]; }
  [[nodiscard]] const Dlc& dlc(int dlci) const { return dlcs_[static_cast<std::size_t>(dlci)]; }
  [[nodiscard]] bool is_open_channel(int dlci) const { return dlci != 0 && is_open(dlci); }

  // After each of these the multiplexer may be gone.
  void take(const Frame& frame);
  void connect(int dlci);
  void disconnect(int dlci);
  void take_data(int dlci, std::string_view bytes);
  void take_control(std::string_view data);
  void take_command(const ControlMessage& command);
  void take_modem_status(const ControlMessage& command);
  void close(int dlci, Closing why);
  void end(std::string_view bytes);
  void tell_drained();

  void acknowledge(const ControlMessage& answer);
  void respond(int dlci, FrameType type);
  void send_control(std::string_view message);
  void send_status(int dlci);
  void set_signals(int dlci, const Signals& signals);
  void flush();

  Parameters parameters_;
  int dlcis_;
  Events& events_;
  Sender sender_;
  std::shared_ptr<Receiver> receiver_;
  std::array<Dlc, max_dlcis + 1> dlcs_{};
  std::optional<Ending> ending_;  // the frame just taken says so
  bool ended_ = false;
};

}  // namespace at::mux
