#include "emulator/module/cmux.hpp"

#include "at_engine/cme.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace emulator {

using at::number;
using at::Outcome;
using at::mux::Closing;
using at::mux::Ending;
using at::mux::Multiplexer;
using at::mux::Parameters;
using at::mux::Signals;

/// Online on the UART's terminal: that one's bytes are frames.
class Cmux::Session : public at::Online, private at::mux::Events, private at::mux::Line {
 public:
  /// `rate` is what the UART goes on at, in baud, if the host has named one.
  Session(Cmux& cmux, at::Asker asker, const Parameters& parameters, std::optional<int> rate)
      : cmux_(cmux),
        asker_(asker),
        rate_(rate),
        share_(std::min(share, static_cast<std::size_t>(parameters.n1) + around_data)),
        multiplexer_(parameters, cmux.knobs_.get(cellular::Knob::cmux_dlcis), *this, *this) {}
  ~Session() override { end(); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] at::Asker asker() const { return asker_; }
  [[nodiscard]] const Multiplexer& multiplexer() const { return multiplexer_; }

  [[nodiscard]] bool is_call() const override { return false; }
  void connected(at::OnlineChannel& channel) override {
    channel_ = &channel;
    cmux_.session_ = this;
    cmux_.module_.hold_urcs(true);
    if (rate_ && cmux_.module_.may_change_rate()) cmux_.module_.change_rate(asker_, *rate_);
  }
  void receive(std::string_view bytes) override { multiplexer_.receive(bytes); }
  void drained() override { multiplexer_.drained(); }
  void hung_up() override { end(); }
  void dtr(bool on) override;
  void host_left() override;

 private:
  void opened(int dlci) override;
  void closed(int dlci, Closing why) override;
  void received(int dlci, std::string_view bytes) override;
  void drained(int dlci) override;
  void host_signals(int dlci, const Signals& before, const Signals& now) override;
  void ended(Ending how, std::string_view rest) override;

  void write(std::string_view frame) override;
  [[nodiscard]] std::size_t room() const override;

  [[nodiscard]] at::Terminal*& terminal(int dlci) {
    return terminals_[static_cast<std::size_t>(dlci) - 1];
  }
  void disconnect(int dlci);
  void end();

  /// Flags, address, control, length of one byte and check of a frame.
  static constexpr std::size_t around_data = 6;

  Cmux& cmux_;
  at::Asker asker_;
  std::optional<int> rate_;
  std::size_t share_;
  at::OnlineChannel* channel_ = nullptr;
  std::array<at::Terminal*, Multiplexer::max_dlcis> terminals_{};
  mutable std::size_t whole_room_ = 0;  // of the line, when nothing waits
  Multiplexer multiplexer_;
};

void Cmux::Session::opened(int dlci) {
  auto& port = cmux_.port(dlci);
  port.attach(multiplexer_);
  auto& opened = cmux_.module_.connect(dlci, port);
  terminal(dlci) = &opened;
  port.serve(opened);
  opened.dtr(true);
  cmux_.module_.hold_urcs(false);
}

void Cmux::Session::closed(int dlci, Closing) { disconnect(dlci); }

void Cmux::Session::disconnect(int dlci) {
  if (std::exchange(terminal(dlci), nullptr) == nullptr) return;
  cmux_.port(dlci).detach();
  cmux_.module_.disconnect(dlci);
}

void Cmux::Session::received(int dlci, std::string_view bytes) {
  if (auto* const open = terminal(dlci)) open->receive(bytes);
}

void Cmux::Session::drained(int dlci) {
  if (auto* const open = terminal(dlci)) open->drained();
}

void Cmux::Session::host_signals(int dlci, const Signals& before, const Signals& now) {
  auto* const open = terminal(dlci);
  if (open != nullptr && before.ready != now.ready) open->dtr(now.ready);
}

void Cmux::Session::ended(Ending, std::string_view rest) {
  auto* const channel = channel_;
  end();
  if (channel != nullptr) channel->leave(rest);
}

/// A host that drops DTR at the UART ends what is a call on a DLCI, not the multiplexer (MUX-45).
void Cmux::Session::dtr(bool on) {
  if (on) return;
  for (auto* const open : terminals_)
    if (open != nullptr && open->is_online()) {
      open->dtr(false);
      open->dtr(true);
    }
}

void Cmux::Session::host_left() {
  multiplexer_.host_left();
  if (!cmux_.knobs_.is_set(cellular::Knob::cmux_on_close)) return;
  ended(Ending::close_down, {});
}

void Cmux::Session::write(std::string_view frame) {
  if (channel_ != nullptr) channel_->transmit(frame);
}

/// Once a frame of full length waits for the line nothing is put behind it, however much the line
/// may keep: what comes on another DLCI waits for two at the most.
std::size_t Cmux::Session::room() const {
  if (channel_ == nullptr) return share_;
  const auto room = channel_->room();
  whole_room_ = std::max(whole_room_, room);
  const auto waiting = whole_room_ - room;
  return share_ - std::min(share_, waiting);
}

void Cmux::Session::end() {
  if (channel_ == nullptr) return;
  channel_ = nullptr;
  for (int dlci = 1; dlci <= Multiplexer::max_dlcis; ++dlci) disconnect(dlci);
  cmux_.session_ = nullptr;
  cmux_.module_.hold_urcs(false);
}

const std::array<at::Command<Cmux>, 1>& Cmux::commands() {
  static constexpr std::array<at::Command<Cmux>, 1> table{{
      {.name = "+CMUX",
       .params = {number("mode", 0, 1), number("subset", 0, 2).optional(),
                  number("port_speed", 1, 8).optional(), number("N1", 1, 32768).optional(),
                  number("T1", 1, 255).optional(), number("N2", 0, 100).optional(),
                  number("T2", 2, 255).optional(), number("T3", 1, 255).optional(),
                  number("k", 1, 7).optional()},
       .read = &Cmux::show,
       .write = &Cmux::start,
       .bad_param = at::BadParam::cme,
       .shown = "(0,1),(0-2),(1-8),(1-32768),(1-255),(0-100),(2-255),(1-255),(1-7)",
       .section = "27.010",
       .source = at::Source::standard,
       .summary = "Multiplex the UART: up to four channels (DLCI 1 to 4) in frames; mode 0 only"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Parameters Cmux::parameters_of(const at::Args& args) const {
  Parameters parameters;
  parameters.n1 = knobs_.get(cellular::Knob::cmux_n1);
  for (std::size_t i = 0; i < at::mux::parameter_ranges.size(); ++i)
    if (args.given(i)) parameters.*at::mux::parameter_ranges[i].member = args.number(i);
  return parameters;
}

std::optional<at::Asker> Cmux::line() const {
  return session_ != nullptr ? std::optional(session_->asker()) : std::nullopt;
}

const Multiplexer* Cmux::multiplexer() const {
  return session_ != nullptr ? &session_->multiplexer() : nullptr;
}

/// Only a UART can be multiplexed, and not a channel of a multiplexer (MUX-6, MUX-7).
Outcome Cmux::start(const at::Call& call) {
  constexpr int basic = 0;
  const auto parameters = parameters_of(call.args);
  if (parameters.mode != basic || session_ != nullptr || !module_.is_uart(call.asker))
    return Outcome::cme(at::cme::not_allowed);
  constexpr std::size_t port_speed = 2;
  std::optional<int> rate;
  if (call.args.given(port_speed)) rate = at::mux::baud_of(parameters.speed);
  return Outcome::online(std::make_shared<Session>(*this, call.asker, parameters, rate));
}

Outcome Cmux::show() {
  Parameters now;
  now.n1 = knobs_.get(cellular::Knob::cmux_n1);
  if (session_ != nullptr) now = session_->multiplexer().parameters();
  std::string line = "+CMUX: ";
  for (const auto& range : at::mux::parameter_ranges)
    line += fmt::format("{}{}", now.*range.member, range.name == "k" ? "" : ",");
  return Outcome::ok(line);
}

}  // namespace emulator
