// The program's loop over its io_context. An exception that no handler has caught is told, and the
// loop goes on, so that the program can end orderly. Owned by the Emulator.
#pragma once

#include "emulator/watchfulness.hpp"

#include <deque>
#include <exception>
#include <functional>
#include <string>
#include <utility>

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
  /// of it is left: then it is called again, in turn with others. It must not throw.
  void when_idle(std::function<bool()> piece) { idle_.push_back(std::move(piece)); }

  /// A host, or what a host waits for (a broker), has said something; any pointer stands for it.
  void heard(const void* who, Watchfulness::Speaker speaker) {
    watchfulness_.heard(who, speaker, std::chrono::steady_clock::now());
  }

 private:
  void turn() {
    const bool awake = !idle_.empty() || watchfulness_.awake(std::chrono::steady_clock::now());
    if ((awake ? io_.poll() : io_.run_one()) > 0)
      watchfulness_.event(std::chrono::steady_clock::now());
    else if (!idle_.empty())
      use_idle_time();
  }

  void use_idle_time() {
    auto piece = std::move(idle_.front());
    idle_.pop_front();
    if (piece()) idle_.push_back(std::move(piece));
  }

  boost::asio::io_context& io_;
  Failed failed_;
  std::deque<std::function<bool()>> idle_;
  Watchfulness watchfulness_;
};

}  // namespace emulator
