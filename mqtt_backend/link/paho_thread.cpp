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

bool PahoThread::post(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= max_jobs) return false;
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void PahoThread::post_always(Job job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void PahoThread::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
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
