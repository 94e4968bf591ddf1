#include "emulator/device/settings/urc_port.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;

constexpr std::string_view key = "QURCCFG";
constexpr std::string_view everywhere = "all";
constexpr std::array<std::string_view, 5> ports{"usbat", "usbmodem", "uart1", "uart2", everywhere};
constexpr int cme_memory_failure = 23;

}  // namespace

const std::array<Command<UrcPort>, 1>& UrcPort::commands() {
  static constexpr std::array<Command<UrcPort>, 1> table{{
      {.name = "+QURCCFG",
       .key = "urcport",
       .params = {at::text("port", 3, 8).optional()},
       .write = &UrcPort::configure,
       .shown = "(\"usbat\",\"usbmodem\",\"uart1\",\"uart2\",\"all\")",
       .section = "2.24",
       .summary = "Channel of the URCs; stored at once"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

UrcPort::UrcPort(at::Timeline& timeline, Nvram& nvram, std::string factory)
    : timeline_(timeline),
      nvram_(nvram),
      factory_(std::move(factory)),
      port_(factory_),
      timer_(timeline) {}

void UrcPort::add(std::string name, at::Announce& channel) {
  channels_.push_back({std::move(name), &channel});
}

void UrcPort::announce(std::string line) {
  if (waiting_.size() == max_cached) waiting_.pop_front();
  waiting_.push_back({std::move(line), timeline_.now() + delay_});
  release();
}

void UrcPort::hold(bool held) {
  held_ = held;
  release();
}

void UrcPort::release() {
  while (!held_ && !waiting_.empty()) {
    const auto wait = waiting_.front().due - timeline_.now();
    if (wait > at::Duration::zero()) {
      timer_.start(wait, [this] { release(); });
      return;
    }
    const auto line = std::move(waiting_.front().line);
    waiting_.pop_front();
    say(line);
  }
}

void UrcPort::say(const std::string& line) {
  for (const auto& channel : channels_)
    if (port_ == everywhere || port_ == channel.name) channel.announce->announce(line);
}

void UrcPort::start() {
  port_ = nvram_.get(key).value_or(factory_);
  held_ = false;
}

void UrcPort::clear() {
  waiting_.clear();
  timer_.stop();
}

Outcome UrcPort::configure(const at::Args& args) {
  if (!args.given(0)) return Outcome::ok(fmt::format("+QURCCFG: \"urcport\",\"{}\"", port_));
  const auto port = args.text(0);
  if (std::find(ports.begin(), ports.end(), port) == ports.end()) return Outcome::error();
  if (!nvram_.set(key, port)) return Outcome::cme(cme_memory_failure);
  port_ = port;
  return Outcome::ok();
}

}  // namespace emulator::device
