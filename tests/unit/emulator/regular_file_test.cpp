// Files that the program is given: read when they are files, else told why not, at once.
#include "emulator/stores/regular_file.hpp"

#include "tests/support/program.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

using namespace emulator;
namespace fs = std::filesystem;

TEST_CASE("a regular file is read as a whole, also by a link") {
  const support::ScratchDirectory scratch;
  const fs::path file = scratch.file("file");
  const std::string content(200'000, 'x');
  std::ofstream(file) << content;
  fs::create_symlink(file, scratch.file("link"));
  CHECK(read_regular_file(file, content.size()).content == content);
  CHECK(read_regular_file(scratch.file("link"), content.size()).content == content);
  CHECK(unreadable(scratch.file("link")) == std::nullopt);
  const auto refused = read_regular_file(scratch.file("link"), content.size(), Links::refused);
  CHECK(refused.content == std::nullopt);
  CHECK(refused.wrong == "Too many levels of symbolic links");
}

TEST_CASE("a file that is not there is told apart from one that cannot be read") {
  const support::ScratchDirectory scratch;
  const auto read = read_regular_file(scratch.file("none"), 10);
  CHECK(read.content == std::nullopt);
  CHECK(read.absent);
  CHECK(read.wrong == "No such file or directory");
  CHECK(unreadable(scratch.file("none")) == "No such file or directory");
}

TEST_CASE("what is there and no file to be read is told") {
  const support::ScratchDirectory scratch;
  const fs::path path = scratch.file("path");
  std::string wrong;
  SECTION("a directory") {
    fs::create_directory(path);
    wrong = "Is a directory";
  }
  SECTION("a FIFO") {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    wrong = "not a regular file";
  }
  SECTION("a link to itself") {
    fs::create_symlink(path, path);
    wrong = "Too many levels of symbolic links";
  }
  SECTION("a link that leads nowhere") {
    fs::create_symlink(scratch.file("none"), path);
    wrong = "No such file or directory";
  }
  const auto read = read_regular_file(path, 10);
  CHECK(read.content == std::nullopt);
  CHECK_FALSE(read.absent);
  CHECK(read.wrong == wrong);
  CHECK(unreadable(path) == wrong);
}

TEST_CASE("a file beyond the limit is refused, not cut") {
  const support::ScratchDirectory scratch;
  std::ofstream(scratch.file("file")) << "0123456789";
  CHECK(read_regular_file(scratch.file("file"), 10).content == "0123456789");
  const auto read = read_regular_file(scratch.file("file"), 9);
  CHECK(read.content == std::nullopt);
  CHECK(read.too_large);
  CHECK(read.wrong == "File too large");
}
