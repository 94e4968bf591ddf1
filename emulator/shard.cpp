#include "emulator/shard.hpp"

#include "emulator/quiet_thread.hpp"

namespace emulator {

bool Shard::begin() {
  work_.emplace(io_.get_executor());
  auto thread = quiet_thread([this] { loop_.run(); });
  if (!thread) return false;
  thread_ = std::move(*thread);
  return true;
}

void Shard::end() {
  if (!thread_.joinable()) return;
  io_.stop();
  thread_.join();
}

}  // namespace emulator
