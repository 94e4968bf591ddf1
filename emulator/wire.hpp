// A host's port as a terminal sees it: traced; paced and strict about its rate if that is wanted.
// Owned by the Unit.
#pragma once

#include "emulator/channel_trace.hpp"
#include "emulator/pace.hpp"
#include "pty/host_port.hpp"
#include "pty/line_rate.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace emulator {

class Wire : public at::Port {
 public:
  /// `name` is the channel's; the trace calls it `traced_as`.
  Wire(std::unique_ptr<pty::HostPort> host_port, std::string name, Trace& trace,
       std::string traced_as)
      : port_(std::move(host_port)),
        name_(std::move(name)),
        observer_(trace, std::move(traced_as)) {}

  /// Only the rate that the host sets on its side is understood. Before pace().
  void be_strict() {
    port_->watch_line();
    rate_.emplace(*port_);
  }
  void pace(at::Timeline& timeline) { pace_.emplace(timeline, line()); }

  void write(std::string_view bytes) override {
    (pace_ ? static_cast<at::Port&>(*pace_) : line()).write(bytes);
  }
  void set_line(const at::SerialLine& settings) override {
    (pace_ ? static_cast<at::Port&>(*pace_) : line()).set_line(settings);
  }
  void set_lines(const at::ModemLines& lines) override { port_->set_lines(lines); }
  [[nodiscard]] int factory_rate() const override { return port_->factory_rate(); }

  /// Hands on what the module hears of the host's bytes.
  template <class Receive>
  void hear(std::string_view bytes, Receive&& receive) {
    if (!rate_) return receive(bytes);
    const auto heard = rate_->received(bytes);
    if (!heard.empty()) receive(heard);
  }

  [[nodiscard]] pty::HostPort& port() const { return *port_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] ChannelTrace& observer() { return observer_; }

 private:
  at::Port& line() { return rate_ ? static_cast<at::Port&>(*rate_) : *port_; }

  std::unique_ptr<pty::HostPort> port_;
  std::string name_;
  ChannelTrace observer_;
  std::optional<pty::LineRate> rate_;
  std::optional<Pace> pace_;
};

}  // namespace emulator
