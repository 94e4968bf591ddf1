// Tests that need what a machine may lack: a tool, a right. Each skip is told in a line of its own,
// which scripts/test counts and repeats at its end. Where CI is set nothing may be lacking.
#pragma once

#include <string>

namespace support {

/// To be followed by a return from the test. Where CI is set the test fails instead.
void skip(const std::string& reason);

/// As skip(), of what a machine of CI may lack too: rights, parts of a kernel, what only the
/// network brings.
void go_without(const std::string& reason);

/// True, after a skip(), when `program` is not installed.
bool lacks(const std::string& program);

}  // namespace support
