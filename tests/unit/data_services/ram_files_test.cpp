// Files in the module's RAM, which FTP alone can name.
#include "data_services/ftp/ram_files.hpp"

#include <catch2/catch.hpp>

using namespace data_services;

TEST_CASE("RAM has names of its own, and room for so much") {
  RamFiles files;
  CHECK(RamFiles::are_meant("ram:x"));
  CHECK_FALSE(RamFiles::are_meant("x"));
  CHECK_FALSE(files.is_name("RAM:"));
  CHECK(files.is_name("RAM:x"));
  CHECK_FALSE(files.content("RAM:x"));
  CHECK(files.room_for("RAM:x") == RamFiles::capacity - 1);
  CHECK(files.replace("RAM:x", "first"));
  CHECK(files.replace("RAM:x", "second"));
  CHECK(files.content("RAM:x") == "second");
  CHECK(files.room_for("RAM:x") == RamFiles::capacity - 1);
  CHECK(files.room_for("RAM:y") == RamFiles::capacity - 8);
  CHECK_FALSE(files.replace("RAM:y", std::string(RamFiles::capacity - 7, 'x')));
  CHECK(files.replace("RAM:y", std::string(RamFiles::capacity - 8, 'x')));
  CHECK(files.room_for("RAM:z") == 0);
  files.clear();
  CHECK_FALSE(files.content("RAM:x"));
}
