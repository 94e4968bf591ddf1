// Where tests find what they are about. Said by one source alone, so that the others are the same
// in every directory that the tree is built in.
#pragma once

#include <string>

namespace support {

/// The modem's program.
[[nodiscard]] std::string binary();

/// A file of the tree, such as "examples/scenarios/tunnel.json".
[[nodiscard]] std::string in_tree(const std::string& name);

}  // namespace support
