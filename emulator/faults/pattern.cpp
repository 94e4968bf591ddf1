#include "emulator/faults/pattern.hpp"

#include "command_line/one_line.hpp"

#include <exception>
#include <utility>

#include <boost/regex.hpp>
#include <fmt/format.h>

namespace emulator::faults {

struct Pattern::Compiled {
  boost::regex regex;
};

std::variant<Pattern, std::string> Pattern::compile(const std::string& text) {
  if (text.size() > max_size) return fmt::format("longer than {} characters", max_size);
  try {
    Pattern pattern;
    pattern.text_ = text;
    pattern.compiled_ = std::make_shared<Compiled>(Compiled{boost::regex(text)});
    return pattern;
  } catch (const std::exception& wrong) {
    return command_line::one_line(wrong.what());
  }
}

bool Pattern::found_in(std::string_view text) const {
  try {
    return boost::regex_search(text.begin(), text.end(), compiled_->regex);
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace emulator::faults
