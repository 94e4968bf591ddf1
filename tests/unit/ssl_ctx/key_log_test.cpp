// The file of TLS keys: whom it belongs to, and what happens when it cannot be written.
#include "ssl_ctx/tls_key_log.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using ssl_ctx::TlsKeyLog;

namespace {

/// A folder that goes with the test.
struct Folder {
  Folder() { std::filesystem::create_directory(path); }
  ~Folder() { std::filesystem::remove_all(path); }

  std::filesystem::path path =
      std::filesystem::temp_directory_path() / fmt::format("key_log_test.{}", ::getpid());
};

std::string content(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a file of keys that was everybody's to read is its owner's alone, and goes on") {
  const Folder folder;
  const auto path = folder.path / "keys";
  std::ofstream(path) << "old\n";
  REQUIRE(::chmod(path.c_str(), 0644) == 0);
  auto opened = TlsKeyLog::open(path.string());
  REQUIRE(std::holds_alternative<std::shared_ptr<TlsKeyLog>>(opened));
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600);
  std::get<std::shared_ptr<TlsKeyLog>>(opened)->write("new");
  CHECK(content(path) == "old\nnew\n");
}

TEST_CASE("where keys cannot be written is told, and what is no file keeps its mode") {
  const Folder folder;
  const auto missing = TlsKeyLog::open((folder.path / "none" / "keys").string());
  REQUIRE(std::holds_alternative<std::string>(missing));
  CHECK_THAT(std::get<std::string>(missing), Catch::StartsWith("cannot write the TLS keys to ") &&
                                                 Catch::EndsWith(": No such file or directory"));
  struct stat before {};
  REQUIRE(::stat("/dev/null", &before) == 0);
  CHECK(std::holds_alternative<std::shared_ptr<TlsKeyLog>>(TlsKeyLog::open("/dev/null")));
  struct stat after {};
  REQUIRE(::stat("/dev/null", &after) == 0);
  CHECK(after.st_mode == before.st_mode);
}

TEST_CASE("a disk that is full ends the writing of keys, and who watches sees them all the same") {
  auto opened = TlsKeyLog::open("/dev/full");
  REQUIRE(std::holds_alternative<std::shared_ptr<TlsKeyLog>>(opened));
  auto& log = *std::get<std::shared_ptr<TlsKeyLog>>(opened);
  std::vector<std::string> seen;
  log.show([&](std::string_view line) { seen.emplace_back(line); });
  log.write("one");
  log.write("two");
  CHECK(seen == std::vector<std::string>{"one", "two"});

  const auto nowhere = TlsKeyLog::without_file();
  nowhere->show([&](std::string_view line) { seen.emplace_back(line); });
  nowhere->write("three");
  CHECK(seen.back() == "three");
}
