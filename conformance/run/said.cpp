#include "conformance/run/said.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace conformance {

std::string command_name(const std::string& line) {
  if (line.size() < 4 || (line[0] != 'A' && line[0] != 'a') || (line[1] != 'T' && line[1] != 't'))
    return {};
  auto name = line.substr(2, line.find_first_of("=?;\r", 2) - 2);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  return name;
}

std::string urc_name(const std::string& bytes) {
  if (bytes.rfind("\r\n+", 0) != 0) return {};
  return bytes.substr(2, bytes.find_first_of(":\r", 2) - 2);
}

bool ends_command(const std::string& bytes) {
  for (const std::string_view code :
       {"\r\nOK\r\n", "\r\nERROR\r\n", "\r\nSEND OK\r\n", "\r\nSEND FAIL\r\n"})
    if (bytes.size() >= code.size() &&
        bytes.compare(bytes.size() - code.size(), code.size(), code) == 0)
      return true;
  return bytes.rfind("\r\n+CME ERROR: ", 0) == 0;
}

}  // namespace conformance
