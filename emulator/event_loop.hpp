// The program's loop over its io_context. An exception that no handler has caught is told, and the
// loop goes on, so that the program can end orderly. Owned by the Emulator.
#pragma once

#include "emulator/watchfulness.hpp"

#include <algorithm>
#include <exception>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace emulator {

class EventLoop {
 public:
  /// Told what an exception says, outside of any handler. Must not throw.
  using Failed = std::function<void(const std::string& what)>;

  EventLoop(boost::asio::io_context& io, Failed failed) : io_(io), failed_(std::move(failed)) {}

  /// Runs until the io_context is stopped or has nothing left to do.
  void run() {
    while (!io_.stopped()) {
      try {
        turn();
      } catch (const std::exception& error) {
        failed_(error.what());
      } catch (...) {
        failed_("an exception without a description");
      }
    }
  }

  /// `piece` does a part of what can wait until nothing else is to be done, and says whether more
  /// of it is left. It must not throw and lives as long as the loop runs.
  void when_idle(std::function<bool()> piece) { idle_.push_back(std::move(piece)); }

  /// A host or a broker, any pointer that stands for it, has said something.
  void heard(const void* who) { watchfulness_.heard(who, std::chrono::steady_clock::now()); }

 private:
  void turn() {
    const bool awake = can_wait_ || watchfulness_.awake(std::chrono::steady_clock::now());
    if ((awake ? io_.poll() : io_.run_one()) > 0) {
      watchfulness_.event(std::chrono::steady_clock::now());
      can_wait_ = !idle_.empty();
    } else if (awake) {
      can_wait_ =
          std::count_if(idle_.begin(), idle_.end(), [](auto& piece) { return piece(); }) > 0;
    }
  }

  boost::asio::io_context& io_;
  Failed failed_;
  std::vector<std::function<bool()>> idle_;
  bool can_wait_ = false;  // something of that may be left
  Watchfulness watchfulness_;
};

}  // namespace emulator
