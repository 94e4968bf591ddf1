// A thread that signals never reach: they are the main thread's business. Detached, since it may be
// stuck in a system call when the program ends.
#pragma once

#include <signal.h>

#include <system_error>
#include <thread>
#include <utility>

namespace emulator {

/// False when the system has no thread to give.
template <class Work>
[[nodiscard]] bool start_quiet_thread(Work work) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = true;
  try {
    std::thread(std::move(work)).detach();
  } catch (const std::system_error&) {
    started = false;
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started;
}

}  // namespace emulator
