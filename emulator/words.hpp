// Words that stand in one text, as tables have them: "off|pulse".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emulator {

[[nodiscard]] inline std::vector<std::string> split_words(std::string_view list,
                                                          char between = '|') {
  std::vector<std::string> words;
  while (!list.empty()) {
    const auto bar = list.find(between);
    words.emplace_back(list.substr(0, bar));
    list = bar == std::string_view::npos ? std::string_view{} : list.substr(bar + 1);
  }
  return words;
}

}  // namespace emulator
