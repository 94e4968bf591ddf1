#include "tests/support/places.hpp"

namespace support {

std::string binary() { return EG91XQ_BINARY; }

std::string in_tree(const std::string& name) { return EG91XQ_SOURCE_DIR "/" + name; }

}  // namespace support
