#include "emulator/stores/disk_writer.hpp"

#include "emulator/quiet_thread.hpp"
#include "emulator/stores/whole_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <spdlog/spdlog.h>

namespace emulator {
namespace {

std::size_t size_of(const DiskWriter::Change& change) {
  return change.content ? change.content->size() : 0;
}

std::optional<std::string> perform(const DiskWriter::Change& change) {
  if (change.content) return write_whole_file(change.path, *change.content, {change.part, true});
  if (::unlink(change.path.c_str()) == 0 || errno == ENOENT) return std::nullopt;
  return std::generic_category().message(errno);
}

}  // namespace

DiskWriter::~DiskWriter() {
  flush();
  const std::lock_guard lock(state_->mutex);
  state_->ending = true;
  state_->changed.notify_all();
}

bool DiskWriter::take(Change change) {
  const std::lock_guard lock(state_->mutex);
  auto& state = *state_;
  if (state.failing || state.queued + size_of(change) > queue_limit) return false;
  if (!state.running) state.running = start_quiet_thread([shared = state_] { work(shared); });
  if (!state.running) return false;
  // The one at work is not to be touched.
  const bool follows_itself = state.queue.size() > 1 && state.queue.back().path == change.path;
  if (follows_itself) {
    state.queued -= size_of(state.queue.back());
    state.queue.pop_back();
  }
  state.queued += size_of(change);
  state.queue.push_back(std::move(change));
  state.changed.notify_all();
  return true;
}

std::optional<DiskWriter::Change> DiskWriter::waiting(const std::filesystem::path& path) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = std::find_if(state_->queue.rbegin(), state_->queue.rend(),
                                  [&](const Change& change) { return change.path == path; });
  if (found == state_->queue.rend()) return std::nullopt;
  return *found;
}

void DiskWriter::work(const std::shared_ptr<State>& shared) {
  auto& state = *shared;
  std::unique_lock lock(state.mutex);
  for (;;) {
    state.changed.wait(lock, [&] { return state.ending || !state.queue.empty(); });
    if (state.queue.empty()) return;
    const auto& change = state.queue.front();  // stays where it is when others are added
    lock.unlock();
    const auto wrong = perform(change);
    lock.lock();
    const bool failed_before = std::exchange(state.failing, wrong.has_value());
    if (wrong && !failed_before)
      spdlog::warn("{}: {}; what the module stores from now on is refused", change.path.string(),
                   *wrong);
    if (!wrong && failed_before) spdlog::warn("{}: stored after all", change.path.string());
    if (!wrong) {
      state.queued -= size_of(change);
      state.queue.pop_front();
    } else if (!state.ending) {
      state.changed.wait_for(lock, retry_interval, [&] { return state.ending; });
    } else {
      return;
    }
    state.changed.notify_all();
  }
}

bool DiskWriter::flush() {
  std::unique_lock lock(state_->mutex);
  const bool done = state_->changed.wait_for(
      lock, patience, [this] { return state_->queue.empty() || state_->failing; });
  if (!state_->queue.empty())
    spdlog::warn("{}: not stored, the disk {}", state_->queue.front().path.string(),
                 done ? "fails" : "is stuck");
  return state_->queue.empty();
}

}  // namespace emulator
