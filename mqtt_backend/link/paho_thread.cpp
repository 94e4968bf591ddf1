#include "mqtt_backend/link/paho_thread.hpp"

#include <exception>
#include <utility>

#include <spdlog/spdlog.h>

namespace mqtt_backend {

PahoThread::PahoThread() : thread_([this] { run(); }) {}

PahoThread::~PahoThread() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool PahoThread::post(Job job, std::size_t bytes) { return push(std::move(job), bytes, false); }

void PahoThread::post_always(Job job) { push(std::move(job), 0, true); }

bool PahoThread::push(Job job, std::size_t bytes, bool always) {
  std::unique_lock lock(mutex_);
  const bool full = jobs_.size() >= max_jobs || bytes_ + bytes > max_bytes;
  if (full && !always) {
    ++refused_;
    const bool first_refused = !std::exchange(crowded_, true);
    lock.unlock();
    if (first_refused) spdlog::warn("too many calls wait for the mqtt library; more are refused");
    return false;
  }
  jobs_.push_back({std::move(job), bytes});
  bytes_ += bytes;
  // Woken while the lock is held, the thread would have to go back to sleep for it.
  lock.unlock();
  wake_.notify_one();
  return true;
}

std::uint64_t PahoThread::refused() {
  const std::lock_guard lock(mutex_);
  return refused_;
}

void PahoThread::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    Job job = std::move(jobs_.front().job);
    bytes_ -= jobs_.front().bytes;
    jobs_.pop_front();
    if (jobs_.empty()) crowded_ = false;
    lock.unlock();
    try {
      job();
    } catch (const std::exception& error) {
      spdlog::error("mqtt library call failed: {}", error.what());
    }
    job = nullptr;
    lock.lock();
  }
}

}  // namespace mqtt_backend
