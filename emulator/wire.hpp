// A host's port as a terminal sees it: traced; paced and strict about its rate if that is wanted.
// Owned by the Unit.
#pragma once

#include "emulator/channel_trace.hpp"
#include "emulator/pace.hpp"
#include "pty/host_port.hpp"
#include "pty/line_rate.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace emulator {

class Wire : public at::Port {
 public:
  /// Bytes that may wait for the host before the brokers have to.
  static constexpr std::size_t full = std::size_t{128} * 1024;

  /// Bytes of whoever is online that may wait for the host.
  static constexpr std::size_t online_share = std::size_t{32} * 1024;

  /// `name` is the channel's; the trace calls it `traced_as`.
  Wire(std::unique_ptr<pty::HostPort> host_port, std::string name, Trace& trace,
       std::string traced_as)
      : port_(std::move(host_port)),
        rate_(*port_, false),
        name_(std::move(name)),
        observer_(trace, std::move(traced_as)) {}

  /// Only the rate that the host sets on its side is understood. Before pace().
  void be_strict() {
    port_->watch_line();
    rate_.be_strict();
  }
  void pace(at::Timeline& timeline) {
    pace_.emplace(timeline, rate_);
    pace_->when_drained([this] { drained(); });
  }
  /// The module's side has this rate, whatever +IPR says; nothing: no longer.
  void disturb_rate(std::optional<int> baud) { rate_.disturb(baud); }

  void write(std::string_view bytes) override {
    (pace_ ? static_cast<at::Port&>(*pace_) : rate_).write(bytes);
    const auto waiting = backlog().waiting;
    most_waiting_ = std::max(most_waiting_, waiting);
    if (on_full_ && waiting > full) on_full_();
  }
  void set_line(const at::SerialLine& settings) override {
    (pace_ ? static_cast<at::Port&>(*pace_) : rate_).set_line(settings);
  }
  void set_lines(const at::ModemLines& lines) override { port_->set_lines(lines); }
  [[nodiscard]] std::size_t room() const override {
    return online_share - std::min(online_share, backlog().waiting);
  }
  void hold(bool held) override { port_->hold(held); }
  [[nodiscard]] int factory_rate() const override { return port_->factory_rate(); }

  /// Hands on what the module hears of the host's bytes.
  template <class Receive>
  void hear(std::string_view bytes, Receive&& receive) {
    if (!rate_.looks()) return receive(bytes);
    const auto heard = rate_.received(bytes);
    if (!heard.empty()) receive(heard);
  }

  /// What waits for the host, the pace's share included.
  [[nodiscard]] pty::HostPort::Backlog backlog() const {
    auto all = port_->backlog();
    if (pace_) all.waiting += pace_->waiting();
    return all;
  }
  void host_came() { has_host_ = true; }
  void host_left() { has_host_ = false; }
  /// Whether a host has the port open.
  [[nodiscard]] bool has_host() const { return has_host_; }

  /// The most that ever waited, in bytes.
  [[nodiscard]] std::size_t most_waiting() const { return most_waiting_; }
  /// Told of each unit written while more than `full` waits.
  void when_full(std::function<void()> on_full) { on_full_ = std::move(on_full); }

  /// Told, never from inside of write(), when all that waited has been taken; at a moment of the
  /// timeline.
  void when_drained(std::function<void()> on_drained) { on_drained_ = std::move(on_drained); }
  /// The host has taken the port's share.
  void drained() {
    if (on_drained_ && backlog().waiting == 0) on_drained_();
  }

  [[nodiscard]] pty::HostPort& port() const { return *port_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] ChannelTrace& observer() { return observer_; }

 private:
  std::unique_ptr<pty::HostPort> port_;
  pty::LineRate rate_;
  std::string name_;
  ChannelTrace observer_;
  std::optional<Pace> pace_;
  std::function<void()> on_full_;
  std::function<void()> on_drained_;
  bool has_host_ = false;
  std::size_t most_waiting_ = 0;
};

}  // namespace emulator
