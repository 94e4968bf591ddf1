#include "emulator/background_writer.hpp"

#include "emulator/quiet_thread.hpp"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <pthread.h>

namespace emulator {
namespace {

/// Waits as long as it takes. False: the descriptor takes nothing.
bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (written < 0 && errno == EAGAIN) {
      pollfd room{descriptor, POLLOUT, 0};
      ::poll(&room, 1, -1);
    } else if (written == 0 || errno != EINTR) {
      return false;
    }
  }
  return true;
}

std::string loss(const BackgroundWriter::Target& target, std::uint64_t count) {
  return fmt::format("{}: {} lines lost: {} took no more\n", target.name, count, target.reader);
}

}  // namespace

BackgroundWriter::~BackgroundWriter() {
  const std::lock_guard lock(state_->mutex);
  state_->ending = true;
  state_->hurry.notify_all();
  state_->changed.notify_all();
}

void BackgroundWriter::write(std::string text) {
  const std::lock_guard lock(state_->mutex);
  auto& state = *state_;
  if (state.target.ends_when_full && !state.ended &&
      state.queued + text.size() > state.target.limit) {
    state.ended = true;
    state.drop_queue();
    return state.target.failed("it takes too little");
  }
  if (state.ended || text.size() > state.target.limit) {
    ++state.lost;
    return;
  }
  state.queued += text.size();
  state.queue.push_back(std::move(text));
  while (state.queued > state.target.limit) {
    state.queued -= state.queue.front().size();
    state.queue.pop_front();
    ++state.lost;
  }
  // Where no thread can be had, the text waits, and the next one tries again.
  if (!state.running) state.running = start_quiet_thread([shared = state_] { work(shared); });
  if (!state.gathering) state.changed.notify_all();
}

void BackgroundWriter::work(const std::shared_ptr<State>& shared) {
  auto& state = *shared;
  std::unique_lock lock(state.mutex);
  for (;;) {
    state.changed.wait(lock, [&] { return state.ending || !state.queue.empty(); });
    if (state.queue.empty()) return;
    if (state.target.gather.count() > 0 && !state.ending && !state.flushing) {
      state.gathering = true;
      state.hurry.wait_for(lock, state.target.gather,
                           [&] { return state.ending || state.flushing; });
      state.gathering = false;
    }
    const auto missing = state.lost - state.told;
    auto text = missing == 0 ? state.take() : loss(state.target, missing);
    state.busy = true;
    lock.unlock();
    const bool written = write_all(state.target.descriptor, text);
    if (!written && state.target.failed)
      state.target.failed(std::generic_category().message(errno));
    lock.lock();
    state.busy = false;
    if (missing != 0 && written) state.told += missing;
    if (missing == 0 && !written)
      state.lost += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    if (!written && state.target.failed) state.ended = true;
    if (!written && (missing != 0 || state.ended)) state.drop_queue();
    state.changed.notify_all();
    if (state.ended) return;
  }
}

/// The oldest text; where it is gathered, all of it.
std::string BackgroundWriter::State::take() {
  auto text = std::move(queue.front());
  queue.pop_front();
  while (target.gather.count() > 0 && !queue.empty()) {
    text += queue.front();
    queue.pop_front();
  }
  queued -= text.size();
  return text;
}

void BackgroundWriter::State::drop_queue() {
  lost += queue.size();
  queue.clear();
  queued = 0;
}

bool BackgroundWriter::ended() const {
  const std::lock_guard lock(state_->mutex);
  return state_->ended;
}

bool BackgroundWriter::idle(const State& state) {
  return !state.busy && (state.queue.empty() || !state.running);
}

bool BackgroundWriter::flush(std::chrono::milliseconds limit) {
  std::unique_lock lock(state_->mutex);
  state_->flushing = true;
  state_->hurry.notify_all();
  const bool all = state_->changed.wait_for(lock, limit, [this] { return idle(*state_); });
  state_->flushing = false;
  return all;
}

std::uint64_t BackgroundWriter::lost() const {
  const std::lock_guard lock(state_->mutex);
  return state_->lost;
}

}  // namespace emulator
