#include "tests/support/fake_transport.hpp"

#include "conformance/transcript/escape.hpp"

namespace support {

std::string in_quotes(const std::string& bytes) {
  return fmt::format("\"{}\"", transcript::escaped(bytes));
}

}  // namespace support
