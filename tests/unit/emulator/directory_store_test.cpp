#include "emulator/stores/directory_store.hpp"

#include "tests/support/program.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include <catch2/catch.hpp>

using emulator::DirectoryStore;
namespace fs = std::filesystem;

namespace {

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

void put(const fs::path& path, const std::string& content) { std::ofstream(path) << content; }

}  // namespace

TEST_CASE("files last from one opening to the next, for their owner only") {
  support::ScratchDirectory scratch;
  const fs::path state = scratch.file("state");
  fs::create_directory(state);
  {
    DirectoryStore store;
    REQUIRE(store.open(state) == std::nullopt);
    CHECK(store.write("key.pem", "first"));
    CHECK(store.write("key.pem", "second"));
    CHECK(store.write("key.pem.part", "other"));
    CHECK(store.write("gone", ""));
    CHECK(store.remove("gone"));
  }
  CHECK(mode_of(state / "ufs") == 0700);
  CHECK(mode_of(state / "ufs" / "key.pem") == 0600);
  DirectoryStore store;
  REQUIRE(store.open(state) == std::nullopt);
  CHECK(store.sizes() == emulator::device::FileSizes{{"key.pem", 6}, {"key.pem.part", 5}});
  CHECK(store.read("key.pem") == "second");
  CHECK(store.read("gone") == std::nullopt);
}

TEST_CASE("what is no file of the module is left alone") {
  support::ScratchDirectory scratch;
  const fs::path state = scratch.file("state");
  fs::create_directories(state / "ufs" / "folder");
  put(scratch.file("secret"), "outside");
  put(state / "ufs" / "good", "inside");
  put(state / "ufs" / "a*b", "no module has this name");
  fs::create_symlink(scratch.file("secret"), state / "ufs" / "link");
  DirectoryStore store;
  REQUIRE(store.open(state) == std::nullopt);
  CHECK(store.sizes() == emulator::device::FileSizes{{"good", 6}});
  CHECK(store.read("link") == std::nullopt);
  // A file that becomes a link later is not followed, and replaced by a file when it is written.
  fs::remove(state / "ufs" / "good");
  fs::create_symlink(scratch.file("secret"), state / "ufs" / "good");
  CHECK(store.read("good") == std::nullopt);
  CHECK(store.write("good", "new"));
  CHECK(support::contents(scratch.file("secret")) == "outside");
  CHECK(store.read("good") == "new");
}

TEST_CASE("a folder that is a link is refused") {
  support::ScratchDirectory scratch;
  const fs::path state = scratch.file("state");
  fs::create_directory(state);
  fs::create_directory(scratch.file("elsewhere"));
  fs::create_directory_symlink(scratch.file("elsewhere"), state / "ufs");
  DirectoryStore store;
  CHECK_THAT(store.open(state).value_or(""), Catch::Contains("not a directory"));
}

TEST_CASE("without a directory files are private and go") {
  auto store = std::make_unique<DirectoryStore>();
  REQUIRE(store->open(std::nullopt) == std::nullopt);
  CHECK(store->write("key.pem", "x"));
  fs::path found;
  for (const auto& entry : fs::directory_iterator(fs::temp_directory_path()))
    if (fs::exists(entry.path() / "ufs" / "key.pem")) found = entry.path();
  REQUIRE_FALSE(found.empty());
  CHECK(mode_of(found) == 0700);
  store.reset();
  CHECK_FALSE(fs::exists(found));
}

TEST_CASE("a file that cannot be written leaves the old one") {
  support::ScratchDirectory scratch;
  const fs::path state = scratch.file("state");
  fs::create_directory(state);
  DirectoryStore store;
  REQUIRE(store.open(state) == std::nullopt);
  CHECK(store.write("a", "old"));
  // A directory in the way of the part file, whoever runs this.
  fs::create_directory(state / "ufs.part");
  CHECK_FALSE(store.write("a", "new"));
  CHECK_FALSE(store.write("b", "new"));
  CHECK(store.read("a") == "old");
  CHECK(store.sizes() == emulator::device::FileSizes{{"a", 3}});
}

TEST_CASE("files of this machine are put into the module's flash") {
  support::ScratchDirectory scratch;
  put(scratch.file("ca"), "certificate");
  put(scratch.file("big"), std::string(emulator::device::flash_bytes + 1, 'x'));
  DirectoryStore store;
  REQUIRE(store.open(std::nullopt) == std::nullopt);
  CHECK(store.preload("UFS:ca.pem", scratch.file("ca")) == std::nullopt);
  CHECK(store.read("ca.pem") == "certificate");
  CHECK_THAT(store.preload("../ca", scratch.file("ca")).value_or(""),
             Catch::Contains("no file of the module"));
  CHECK_THAT(store.preload("x", scratch.file("none")).value_or(""),
             Catch::Contains("cannot be read"));
  CHECK_THAT(store.preload("x", "/tmp").value_or(""), Catch::Contains("cannot be read"));
  CHECK_THAT(store.preload("x", scratch.file("big")).value_or(""), Catch::Contains("no room"));
}
