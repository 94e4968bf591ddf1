#include "emulator/device/settings/urc_port.hpp"

#include "at_engine/cme.hpp"

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

UrcPort::UrcPort(at::Timeline& timeline, at::Log& log, Nvram& nvram, std::string factory,
                 bool to_asker)
    : timeline_(timeline),
      nvram_(nvram),
      factory_(std::move(factory)),
      port_(factory_),
      to_asker_(to_asker),
      waiting_(log, "URC port"),
      timer_(timeline) {}

void UrcPort::add(at::Asker number, std::string name, at::Announce& channel,
                  std::function<bool()> hears) {
  channels_.push_back({number, std::move(name), &channel, std::move(hears)});
}

void UrcPort::remove(at::Asker number) {
  std::erase_if(channels_, [number](const Channel& channel) { return channel.number == number; });
}

void UrcPort::announce(std::string line) { result({}, std::move(line)); }

void UrcPort::result(at::Asker asker, std::string line) {
  push({.text = std::move(line), .asker = asker});
}

void UrcPort::announce_late(std::string headline, std::shared_ptr<at::LateLine> line) {
  push({.text = std::move(headline), .late = std::move(line)});
}

void UrcPort::announce_while(const at::Ground::Claim& claim, at::Asker asker, std::string line) {
  push({.text = std::move(line), .asker = asker, .claim = claim});
}

void UrcPort::push(at::WaitingLine line) {
  line.due = timeline_.now() + delay_;
  waiting_.push(std::move(line));
  release();
}

void UrcPort::hold(bool held) {
  held_ = held;
  release();
}

void UrcPort::wait_for_multiplexer(bool waits) {
  waits_for_multiplexer_ = waits;
  release();
}

void UrcPort::release() {
  while (!held_ && !waits_for_multiplexer_ && !waiting_.empty()) {
    const auto wait = waiting_.front().due - timeline_.now();
    if (wait > at::Duration::zero()) {
      timer_.start(wait, [this] { release(); });
      return;
    }
    say(waiting_.pop());
  }
}

void UrcPort::say(const at::WaitingLine& line) {
  if (line.stale()) return;
  said_(line.text);
  for (auto* channel : channels_for(line.asker))
    if (line.late)
      channel->announce_late(line.text, line.late);
    else if (line.claim)
      channel->announce_while(*line.claim, line.asker, line.text);
    else
      channel->announce(line.text);
}

// A channel that is gone leaves its results to the URC port.
std::vector<at::Announce*> UrcPort::channels_for(at::Asker asker) const {
  std::vector<at::Announce*> found;
  if (to_asker_)
    for (const auto& channel : channels_)
      if (channel.number == asker) found.push_back(channel.announce);
  if (!found.empty()) return found;
  for (const auto& channel : channels_)
    if ((port_ == everywhere || port_ == channel.name) && channel.hears())
      found.push_back(channel.announce);
  return found;
}

void UrcPort::start() {
  port_ = nvram_.get(key).value_or(factory_);
  if (std::find(ports.begin(), ports.end(), port_) == ports.end()) port_ = factory_;
  held_ = false;
}

void UrcPort::snapshot(at::Memo& memo) {
  memo.text("urc_port", port_, at::text("port", 3, 8).among("usbat|usbmodem|uart1|uart2|all"));
  memo.flag("urcs_held", held_);
}

void UrcPort::clear() {
  waiting_.clear();
  waits_for_multiplexer_ = false;
  timer_.stop();
}

Outcome UrcPort::configure(const at::Args& args) {
  if (!args.given(0)) return Outcome::ok(fmt::format("+QURCCFG: \"urcport\",\"{}\"", port_));
  const auto port = args.text(0);
  if (std::find(ports.begin(), ports.end(), port) == ports.end()) return Outcome::error();
  if (!nvram_.set(key, port)) return Outcome::cme(at::cme::memory_failure);
  port_ = port;
  return Outcome::ok();
}

}  // namespace emulator::device
