#include "tests/support/skip.hpp"

#include "tests/support/program.hpp"

#include <cstdlib>
#include <iostream>

#include <catch2/catch.hpp>

namespace support {

void skip(const std::string& reason) {
  const char* const ci = std::getenv("CI");
  if (ci != nullptr && *ci != '\0') FAIL("this machine lacks what the test needs: " << reason);
  go_without(reason);
}

void go_without(const std::string& reason) {
  std::cout << "skipped: " << Catch::getResultCapture().getCurrentTestName() << ": " << reason
            << std::endl;
}

bool lacks(const std::string& program) {
  if (!installed(program).empty()) return false;
  skip(program + " is not installed");
  return true;
}

}  // namespace support
