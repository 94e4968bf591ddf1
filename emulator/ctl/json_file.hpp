// A JSON document that a user names on the command line. Commands of ctl read theirs by it.
#pragma once

#include <cstddef>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace emulator::ctl {

/// What the file has, of at most `limit` bytes. Throws Failure, with the place of what is wrong.
[[nodiscard]] nlohmann::json json_file(const std::string& path,
                                       std::size_t limit = std::size_t{1} << 20U);

}  // namespace emulator::ctl
