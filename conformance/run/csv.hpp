// Comma-separated values as RFC 4180 has them: fields may be quoted, quotes doubled.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace conformance {

/// All rows but the head line. Throws std::runtime_error when the file cannot be read or a row has
/// not as many fields as the head.
std::vector<std::vector<std::string>> read_csv(const std::filesystem::path& file);

}  // namespace conformance
