// The program's loop over its io_context. An exception that no handler has caught is told, and the
// loop goes on, so that the program can end orderly. Owned by the Emulator.
#pragma once

#include "emulator/watchfulness.hpp"

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
      for (const auto& action : after_turn_) action();
    }
  }

  /// `action` is done after each turn, when those who waited for an answer have it. It must not
  /// throw and lives as long as the loop runs.
  void after_turn(std::function<void()> action) { after_turn_.push_back(std::move(action)); }

  /// A host or a broker, any pointer that stands for it, has said something.
  void heard(const void* who) { watchfulness_.heard(who, std::chrono::steady_clock::now()); }

 private:
  void turn() {
    if (watchfulness_.awake(std::chrono::steady_clock::now())) {
      io_.poll();
    } else {
      io_.run_one();
    }
  }

  boost::asio::io_context& io_;
  Failed failed_;
  std::vector<std::function<void()>> after_turn_;
  Watchfulness watchfulness_;
};

}  // namespace emulator
