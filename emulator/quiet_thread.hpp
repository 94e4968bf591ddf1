// A thread that signals never reach: they are the main thread's business.
#pragma once

#include <signal.h>

#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace emulator {

/// Nothing when the system has no thread to give.
template <class Work>
[[nodiscard]] std::optional<std::thread> quiet_thread(Work work) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::optional<std::thread> thread;
  try {
    thread.emplace(std::move(work));
  } catch (const std::system_error&) {
    thread.reset();
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

/// Detached, since it may be stuck in a system call when the program ends. False when there is
/// none.
template <class Work>
[[nodiscard]] bool start_quiet_thread(Work work) {
  auto thread = quiet_thread(std::move(work));
  if (thread) thread->detach();
  return thread.has_value();
}

}  // namespace emulator
