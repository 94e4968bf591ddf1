#include "emulator/faults/pattern.hpp"

#include "command_line/one_line.hpp"

#include <atomic>
#include <exception>
#include <utility>

#include <boost/regex.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace emulator::faults {

struct Pattern::Compiled {
  boost::regex regex;
  std::atomic_flag told = ATOMIC_FLAG_INIT;  // that it takes too long
};

std::variant<Pattern, std::string> Pattern::compile(const std::string& text) {
  if (text.size() > max_size) return fmt::format("longer than {} characters", max_size);
  try {
    Pattern pattern;
    pattern.text_ = text;
    pattern.compiled_ = std::make_shared<Compiled>();
    pattern.compiled_->regex = boost::regex(text);
    return pattern;
  } catch (const std::exception& wrong) {
    return command_line::one_line(wrong.what());
  }
}

bool Pattern::found_in(std::string_view text) const {
  try {
    return boost::regex_search(text.begin(), text.end(), compiled_->regex);
  } catch (const std::exception&) {
    if (!compiled_->told.test_and_set())
      spdlog::warn("the regular expression {} takes too long on a line of {} bytes: no match",
                   command_line::one_line(text_), text.size());
    return false;
  }
}

}  // namespace emulator::faults
