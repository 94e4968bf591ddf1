#include "emulator/channel_trace.hpp"

#include <algorithm>
#include <utility>

namespace emulator {
namespace {

using Direction = Trace::Direction;

}  // namespace

ChannelTrace::ChannelTrace(Trace& trace, std::string name)
    : trace_(trace), name_(std::move(name)) {}

void ChannelTrace::saw(at::Time, at::Asker, const at::Event& event) {
  std::visit([this](const auto& each) { on(each); }, event);
}

void ChannelTrace::on(const at::event::HostBytes& event) {
  echo_of_file_ = file_expected_;
  if (!file_expected_) return trace_.record(name_, Direction::from_host, event.bytes);
  file_ += event.bytes;
  if (file_.size() >= max_kept) write_file();
}

void ChannelTrace::on(const at::event::HostBytesLost& event) {
  // What there was no room for may be content whose command went with it.
  if (event.why == at::event::HostBytesLost::Why::no_room)
    trace_.record_file(name_, Direction::from_host, event.bytes);
  else
    on(at::event::HostBytes{event.bytes});
}

void ChannelTrace::on(const at::event::LineEnded& event) {
  if (!file_expected_ || !event.known) return;
  file_expected_ = echo_of_file_ = false;
  const auto content = file_.size() - std::min(file_.size(), event.size);
  const auto line = file_.substr(content);
  file_.resize(content);
  write_file();
  trace_.record(name_, Direction::from_host, line);
}

void ChannelTrace::on(const at::event::CommandBegun& event) {
  if (event.takes_file) file_expected_ = true;
}

void ChannelTrace::on(const at::event::Echo& event) {
  if (echo_of_file_)
    trace_.record_file(name_, Direction::to_host, event.bytes);
  else
    trace_.record(name_, Direction::to_host, event.bytes);
}

void ChannelTrace::said(std::string_view bytes, const at::event::FileSpans& files) {
  std::size_t done = 0;
  const auto record_until = [&](std::size_t end) {
    if (end > done) trace_.record(name_, Direction::to_host, bytes.substr(done, end - done));
    done = end;
  };
  for (const auto& [place, size] : files) {
    record_until(place);
    trace_.record_file(name_, Direction::to_host, bytes.substr(place, size));
    done = place + size;
  }
  record_until(bytes.size());
}

void ChannelTrace::write_file() {
  if (!file_.empty()) trace_.record_file(name_, Direction::from_host, std::exchange(file_, {}));
}

}  // namespace emulator
