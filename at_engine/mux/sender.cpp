#include "at_engine/mux/sender.hpp"

#include <algorithm>
#include <utility>

namespace at::mux {

Sender::Sender(Line& line, std::size_t n1)
    : line_(line), n1_(std::clamp<std::size_t>(n1, 1, Framer::max_data)) {
  for (auto& queue : queues_) queue.n1 = n1_;
}

void Sender::control(const Frame& frame) {
  auto bytes = encode(frame);
  if (control_bytes_ + bytes.size() > max_control) {
    ++dropped_control_;
    return;
  }
  control_bytes_ += bytes.size();
  control_.push_back(std::move(bytes));
}

void Sender::data(int dlci, std::string_view bytes) {
  auto& queue = this->queue(dlci);
  if (bytes.size() > max_queue - queue.size()) {
    queue.counters.dropped += bytes.size();
    return;
  }
  if (queue.sent * 2 >= queue.bytes.size()) {
    queue.bytes.erase(0, queue.sent);
    queue.sent = 0;
  }
  queue.bytes += bytes;
}

void Sender::flush() {
  while (line_.room() > 0) {
    if (!control_.empty())
      send_control();
    else if (!send_data())
      return;
  }
}

void Sender::flush_control() {
  while (!control_.empty()) send_control();
}

void Sender::send_control() {
  const auto frame = std::move(control_.front());
  control_.pop_front();
  control_bytes_ -= frame.size();
  line_.write(frame);
}

/// One frame of the DLCI whose turn it is; false if none may send.
bool Sender::send_data() {
  for (int after = 1; after <= max_dlci; ++after) {
    const int dlci = (last_ + after - 1) % max_dlci + 1;
    if (queued(dlci) == 0 || is_stopped(dlci)) continue;
    last_ = dlci;
    send_frame_of(dlci);
    return true;
  }
  return false;
}

void Sender::send_frame_of(int dlci) {
  auto& queue = this->queue(dlci);
  const auto data = std::string_view(queue.bytes).substr(queue.sent, queue.n1);
  frame_.clear();
  append(frame_, {.dlci = dlci, .type = FrameType::uih, .data = data});
  ++queue.counters.frames;
  queue.counters.bytes += data.size();
  queue.sent += data.size();
  if (queue.size() == 0) {
    queue.sent = 0;
    queue.bytes.clear();
    if (queue.bytes.capacity() > 2 * share) queue.bytes = {};
  }
  line_.write(frame_);
}

void Sender::limit(int dlci, std::size_t n1) {
  queue(dlci).n1 = std::clamp<std::size_t>(n1, 1, n1_);
}

void Sender::discard(int dlci) {
  const auto counters = queue(dlci).counters;
  queue(dlci) = {};
  queue(dlci).n1 = n1_;
  queue(dlci).counters = counters;
}

}  // namespace at::mux
