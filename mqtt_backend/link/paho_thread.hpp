// The one thread that calls the MQTT library, whose calls may block on its process-wide lock. Jobs
// run in the order in which they were posted. While few objects of the library are alive, that lock
// is held for microseconds, and short calls may be made elsewhere. Owned by PahoWorld.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace mqtt_backend {

class PahoThread {
 public:
  using Job = std::function<void()>;

  /// Jobs that may wait, and the bytes that they may carry together. Far more than the windows of
  /// six clients.
  static constexpr std::size_t max_jobs = 16 * 1024;
  static constexpr std::size_t max_bytes = 16 * 1024 * 1024;
  /// Objects of the library, with the keeper's: a few modems' clients.
  static constexpr int few_users = 32;

  PahoThread();

  /// Runs what still waits, then ends the thread.
  ~PahoThread();

  /// Queues a job that carries `bytes`; exceptions that it lets out are logged. False when too
  /// much waits.
  bool post(Job job, std::size_t bytes = 0);

  /// Queues a job that must not be refused: the destruction of a library object, one a connection.
  void post_always(Job job);

  /// One more object of the library, or one less.
  void count_user(int change) { users_ += change; }
  /// Whether a short call costs less where it is wanted than the way to this thread.
  [[nodiscard]] bool can_be_spared() const { return users_ <= few_users; }

  /// Jobs that post() has turned away.
  std::uint64_t refused();

 private:
  struct Waiting {
    Job job;
    std::size_t bytes;
  };

  bool push(Job job, std::size_t bytes, bool always);
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> jobs_;
  std::size_t bytes_ = 0;
  std::uint64_t refused_ = 0;
  bool crowded_ = false;
  bool ending_ = false;
  std::atomic<int> users_ = 0;
  std::thread thread_;
};

}  // namespace mqtt_backend
