// Does something for each of many, some of them at once.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace wrong_modem {

inline void for_each_of(std::size_t count, int at_once,
                        const std::function<void(std::size_t)>& action) {
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> workers;
  for (int i = 0; i < at_once; ++i)
    workers.emplace_back([&] {
      for (auto mine = next++; mine < count; mine = next++) action(mine);
    });
  for (auto& worker : workers) worker.join();
}

}  // namespace wrong_modem
