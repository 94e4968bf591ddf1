// A file of lines that somebody has written to before.
#include "emulator/line_file.hpp"

#include "tests/support/program.hpp"

#include <fstream>
#include <string>

#include <catch2/catch.hpp>

using emulator::LineFile;

TEST_CASE("lines are appended behind whole lines and behind one that was cut off") {
  support::ScratchDirectory scratch;
  const auto path = scratch.file("lines");
  const auto append = [&](const std::string& before) {
    std::ofstream(path) << before;
    LineFile file;
    REQUIRE(file.open(path, "journal") == std::nullopt);
    file.append("{\"seq\":1}\n");
    file.flush();
    return support::contents(path);
  };
  CHECK(append("") == "{\"seq\":1}\n");
  CHECK(append("{}\n") == "{}\n{\"seq\":1}\n");
  CHECK(append("{\"se") == "{\"se\n{\"seq\":1}\n");
}
