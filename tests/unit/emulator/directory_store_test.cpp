#include "emulator/stores/directory_store.hpp"

#include "emulator/stores/flash.hpp"
#include "emulator/stores/whole_file.hpp"
#include "emulator/trace.hpp"
#include "ssl_ctx/tls_key_log.hpp"
#include "tests/support/program.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include <catch2/catch.hpp>

using emulator::DirectoryStore;
namespace fs = std::filesystem;

namespace {

/// No further descriptor can be had while it lives.
struct NoDescriptors {
  NoDescriptors() {
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit none{3, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  }
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before); }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;
  rlimit before{};
};

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

TEST_CASE("without a directory files are in memory, each store's its own") {
  DirectoryStore store;
  DirectoryStore other;
  REQUIRE(store.open(std::nullopt) == std::nullopt);
  REQUIRE(other.open(std::nullopt) == std::nullopt);
  CHECK(store.write("key.pem", "x"));
  CHECK(store.write("key.pem", "longer"));
  CHECK(store.read("key.pem") == "longer");
  CHECK(store.sizes().at("key.pem") == 6);
  CHECK(other.read("key.pem") == std::nullopt);
  CHECK(store.remove("key.pem"));
  CHECK(store.sizes().empty());
  CHECK(store.look_up("key.pem").absent);
}

TEST_CASE("a disk that fails keeps what was taken, refuses the rest, and is tried again",
          "[real]") {
  support::ScratchDirectory scratch;
  const fs::path state = scratch.file("state");
  fs::create_directory(state);
  {
    const auto disk = std::make_shared<emulator::DiskWriter>();
    DirectoryStore store;
    REQUIRE(store.open(state, disk) == std::nullopt);
    CHECK(store.write("a", "old"));
    CHECK(disk->flush());
    // A directory in the way of the part file, whoever runs this.
    fs::create_directory(state / "ufs.part");
    CHECK(store.write("a", "new"));
    CHECK_FALSE(disk->flush());
    CHECK_FALSE(store.write("b", "new"));
    CHECK(store.read("a") == "new");
    CHECK(store.sizes() == emulator::device::FileSizes{{"a", 3}});
    CHECK(support::contents(state / "ufs" / "a") == "old");
    fs::remove(state / "ufs.part");
    const auto start = std::chrono::steady_clock::now();
    while (!store.write("b", "later")) {
      REQUIRE(support::ms_since(start) < 10'000);
      std::this_thread::yield();
    }
  }
  CHECK(support::contents(state / "ufs" / "a") == "new");
  CHECK(support::contents(state / "ufs" / "b") == "later");
}

TEST_CASE("a disk that is stuck delays nobody, and what waits can be read", "[real]") {
  support::ScratchDirectory scratch;
  const fs::path state = scratch.file("state");
  fs::create_directory(state);
  // Opening it for writing takes until somebody reads.
  const fs::path stuck = state / "ufs.part";
  REQUIRE(::mkfifo(stuck.c_str(), 0600) == 0);
  const auto start = std::chrono::steady_clock::now();
  {
    DirectoryStore store;
    REQUIRE(store.open(state) == std::nullopt);
    CHECK(store.write("a", "one"));
    CHECK(store.write("b", "two"));
    CHECK(store.write("b", "three"));
    CHECK(store.remove("a"));
    CHECK(store.read("a") == std::nullopt);
    CHECK(store.read("b") == "three");
    std::size_t taken = 0;
    while (store.write(taken % 2 == 0 ? "c" : "d", std::string(200'000, 'x'))) ++taken;
    CHECK(taken == emulator::DiskWriter::queue_limit / 200'000);
    CHECK(support::ms_since(start) < 1000);
  }
  CHECK(support::ms_since(start) < 5000);
  // Lets the thread go.
  const int reader = ::open(stuck.c_str(), O_RDONLY | O_NONBLOCK);
  ::close(reader);
}

TEST_CASE("files that are there already become their owner's only, whatever the umask") {
  support::ScratchDirectory scratch;
  const fs::path state = scratch.file("state");
  fs::create_directories(state / "ufs");
  for (const char* name : {"ufs/old", "settings.json", "profiles.json", "ufs.part"}) {
    put(state / name, "{}");
    REQUIRE(::chmod((state / name).c_str(), 0644) == 0);
  }
  const auto before = ::umask(0);
  {
    emulator::Flash flash;
    DirectoryStore store;
    REQUIRE(flash.open(state) == std::nullopt);
    REQUIRE(store.open(state) == std::nullopt);
    CHECK(mode_of(state / "settings.json") == 0600);
    CHECK(mode_of(state / "profiles.json") == 0600);
    CHECK(flash.set("pin", "1234"));
    CHECK(flash.save({{"uart1", {{"E", 0}}}}));
    CHECK(store.write("new", "x"));
  }
  emulator::Trace trace;
  put(scratch.file("trace"), "");
  REQUIRE(::chmod(scratch.file("trace").c_str(), 0644) == 0);
  CHECK(trace.open(scratch.file("trace")) == std::nullopt);
  put(scratch.file("keys"), "");
  REQUIRE(::chmod(scratch.file("keys").c_str(), 0644) == 0);
  CHECK(ssl_ctx::TlsKeyLog::open(scratch.file("keys")).index() == 0);
  ::umask(before);
  for (const char* name : {"ufs/old", "ufs/new", "settings.json", "profiles.json"})
    CHECK(mode_of(state / name) == 0600);
  CHECK(mode_of(scratch.file("trace")) == 0600);
  CHECK(mode_of(scratch.file("keys")) == 0600);
}

TEST_CASE("a device that stands where a file is to be is left alone") {
  CHECK(emulator::write_whole_file("/dev/null", "x") == "not a regular file");
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a link that leads to a device is left alone, one that leads to a file is replaced") {
  const support::ScratchDirectory scratch;
  const fs::path link = scratch.file("link");
  fs::create_symlink("/dev/full", link);
  CHECK(emulator::write_whole_file(link, "x") == "not a regular file");
  CHECK(fs::read_symlink(link) == "/dev/full");
  for (const auto* target : {"file", "nothing"}) {
    put(scratch.file("file"), "old");
    fs::remove(link);
    fs::create_symlink(target, link);
    CHECK(emulator::write_whole_file(link, "new") == std::nullopt);
    CHECK_FALSE(fs::is_symlink(link));
    CHECK(support::contents(link) == "new");
    CHECK(support::contents(scratch.file("file")) == "old");
  }
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

TEST_CASE("a state directory with more than the module has room for is refused") {
  support::ScratchDirectory scratch;
  const auto state = fs::path(scratch.file("state"));
  fs::create_directories(state / "ufs");
  put((state / "ufs/big").string(), std::string(emulator::device::flash_bytes + 1, 'x'));
  DirectoryStore store;
  CHECK(store.open(state, std::make_shared<emulator::DiskWriter>()) ==
        (state / "ufs/big").string() + ": no room, the module has 286720 bytes for files");
}

TEST_CASE("profiles with numbers that none can have are damaged") {
  for (const auto* profiles :
       {R"({"uart1":{"E":99999999999999999999999}})", R"({"uart1":{"E":4294967296}})",
        R"({"uart1":{"E":true}})", R"({"uart1":{"E":0.5}})", R"({"uart1":{"E":null}})"}) {
    INFO(profiles);
    support::ScratchDirectory scratch;
    const auto state = fs::path(scratch.file("state"));
    fs::create_directory(state);
    put((state / "profiles.json").string(), profiles);
    emulator::Flash flash;
    REQUIRE(flash.open(state) == std::nullopt);
    CHECK(flash.all_profiles().empty());
    CHECK(support::contents((state / "profiles.json.damaged").string()) == profiles);
  }
}

TEST_CASE("a file that cannot be read is told with the cause") {
  support::ScratchDirectory scratch;
  put(scratch.file("ca"), "certificate");
  const auto state = fs::path(scratch.file("state"));
  fs::create_directory(state);
  const auto disk = std::make_shared<emulator::DiskWriter>();
  DirectoryStore store;
  REQUIRE(store.open(state, disk) == std::nullopt);
  REQUIRE(store.write("mine", "x"));
  REQUIRE(disk->flush());
  struct Told {
    emulator::RegularFile mine;
    emulator::RegularFile other;
    std::optional<std::string> preloaded;
  };
  const auto ask = [&] {
    return Told{store.look_up("mine"), store.look_up("b"), store.preload("a", scratch.file("ca"))};
  };
  CHECK(ask().mine.content == "x");
  // Sanitizers need descriptors of their own to judge what they see for the first time.
  const auto told = [&] {
    const NoDescriptors lacking;
    return ask();
  }();
  CHECK(told.mine.wrong == "Too many open files");
  CHECK_FALSE(told.mine.absent);
  CHECK(told.other.absent);
  CHECK(told.preloaded ==
        "--file a=" + scratch.file("ca") + ": cannot be read: Too many open files");
}
