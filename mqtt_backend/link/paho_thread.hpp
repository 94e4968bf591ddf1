// The one thread that calls the MQTT library, whose calls may block on its process-wide lock. Jobs
// run in the order in which they were posted. Owned by PahoWorld.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace mqtt_backend {

class PahoThread {
 public:
  using Job = std::function<void()>;

  /// Jobs that may wait.
  static constexpr std::size_t max_jobs = 16 * 1024;

  PahoThread();

  /// Runs what still waits, then ends the thread.
  ~PahoThread();

  /// Queues a job; exceptions that it lets out are logged. False when too many wait.
  bool post(Job job);

  /// Queues a job that must not be refused: the destruction of a library object, one a connection.
  void post_always(Job job);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace mqtt_backend
