// Files when there is no room for what was begun, and as other parts of the module use them.
#include "tests/support/session.hpp"

#include <chrono>
#include <string>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace {

const std::string ok = "\r\nOK\r\n";
constexpr std::size_t block = 4096;
constexpr std::size_t blocks = 70;

/// With so many blocks free.
struct Nearly : support::Session {
  explicit Nearly(std::size_t free) {
    start();
    REQUIRE(files.write("big", std::string((blocks - free) * block, 'x')));
  }
};

}  // namespace

TEST_CASE("bytes for an open file do not fit any more when another channel was faster") {
  Nearly full(2);
  REQUIRE(full.files.write("a", std::string(block - 1, 'a')));
  CHECK(full.say("AT+QFOPEN=\"a\"") == "\r\n+QFOPEN: 3000\r\n" + ok);
  CHECK(full.say("AT+QFSEEK=3000,0,2") == ok);
  CHECK(full.say("AT+QFWRITE=3000,2") == "\r\nCONNECT\r\n");
  CHECK(full.say("AT+QFOPEN=\"b\"", 1) == "\r\n+QFOPEN: 3001\r\n" + ok);
  CHECK(full.type("yz") == "\r\n+CME ERROR: 420\r\n");
  CHECK(full.say("AT+QFPOSITION=3000") == "\r\n+QFPOSITION: 4095\r\n" + ok);
  CHECK(full.say("AT+QFSIZE=\"a\"") == "\r\n+QFSIZE: 4095\r\n" + ok);
}

TEST_CASE("an upload does not fit any more when another channel was faster") {
  Nearly full(1);
  CHECK(full.say("AT+QFUPL=\"a\",2") == "\r\nCONNECT\r\n");
  CHECK(full.say("AT+QFOPEN=\"b\"", 1) == "\r\n+QFOPEN: 3000\r\n" + ok);
  CHECK(full.type("yz") == "\r\n+CME ERROR: 420\r\n");
  CHECK(full.say("AT+QFLST=\"a\"") == "\r\n+CME ERROR: 405\r\n");
}

TEST_CASE("an open file that was taken away has no bytes, and takes none") {
  support::Session session;
  session.start();
  REQUIRE(session.files.write("a", "abc"));
  CHECK(session.say("AT+QFOPEN=\"a\"") == "\r\n+QFOPEN: 3000\r\n" + ok);
  REQUIRE(session.files.remove("a"));
  CHECK(session.say("AT+QFREAD=3000") == "\r\n+CME ERROR: 411\r\n");
  CHECK(session.say("AT+QFSEEK=3000,1") == "\r\n+CME ERROR: 401\r\n");
  CHECK(session.say("AT+QFWRITE=3000,1") == "\r\nCONNECT\r\n");
  CHECK(session.type("x") == "\r\n+CME ERROR: 411\r\n");
}

TEST_CASE("other parts of the module replace files where there is room, under names that can be") {
  Nearly full(2);
  auto& ufs = full.modem.device().ufs();
  CHECK(ufs.room_for("new") == 2 * block);
  CHECK(ufs.room_for("UFS:big") == blocks * block);
  CHECK_FALSE(ufs.room_for("a/b"));
  CHECK(ufs.replace_file("UFS:new", std::string(2 * block, 'n')));
  CHECK(full.files.read("new") == std::string(2 * block, 'n'));
  CHECK_FALSE(ufs.replace_file("a/b", "x"));
  CHECK_FALSE(ufs.replace_file("newer", "x"));
  CHECK(ufs.replace_file("new", "x"));
  full.files.writable = false;
  CHECK_FALSE(ufs.replace_file("new", "y"));
  full.say("AT+QFOPEN=\"new\"");
  CHECK_FALSE(ufs.room_for("new"));
}
