// Replies of FTP servers, as they are and as they should not be.
#include "data_services/ftp/ftp_reply.hpp"

#include <catch2/catch.hpp>

using namespace data_services;

TEST_CASE("replies come whole, however they are cut") {
  const std::string said =
      "220-Welcome\r\n220 not the code of the end: \r\n331 user\n150-a\r\n 150 b\r\n150x\r\n150 "
      "\r\n";
  for (std::size_t cut = 0; cut <= said.size(); ++cut) {
    FtpReplyReader reader;
    REQUIRE(reader.feed(said.substr(0, cut)));
    REQUIRE(reader.feed(said.substr(cut)));
    const auto first = reader.next();
    REQUIRE(first);
    CHECK(first->code == 220);
    CHECK(first->text == "Welcome");
    const auto second = reader.next();
    REQUIRE(second);
    CHECK(second->code == 331);
    CHECK(second->text == "user");
    const auto third = reader.next();
    REQUIRE(third);
    CHECK(third->code == 150);
    CHECK(third->text == "a");
    CHECK_FALSE(reader.next());
  }
}

TEST_CASE("what is no reply is refused, and so is one without an end") {
  const std::string said = GENERATE("hello\r\n", "99 few\r\n", "2200 many\r\n", "600 high\r\n",
                                    "\r\n", "22\r\n", "099 low\r\n", "\n");
  FtpReplyReader reader;
  CHECK_FALSE(reader.feed(said));
  FtpReplyReader endless;
  CHECK(endless.feed(std::string(FtpReplyReader::max_line, '2')));
  CHECK_FALSE(endless.feed("2"));
  FtpReplyReader many;
  REQUIRE(many.feed("220-begin\r\n"));
  bool taken = true;
  std::size_t lines = 0;
  while (taken && lines < 10'000) {
    taken = many.feed(std::string(99, 'x') + "\n");
    ++lines;
  }
  CHECK_FALSE(taken);
  CHECK(lines == FtpReplyReader::max_reply / 99 + 1);
}

TEST_CASE("where the data connection leads") {
  const auto place = passive_place("Entering Passive Mode (10,1,2,3,4,5).");
  REQUIRE(place);
  CHECK(place->address == "10.1.2.3");
  CHECK(place->port == 1029);
  CHECK(passive_place("=127,0,0,1,255,255")->port == 65'535);
  CHECK(passive_place("at 7: 127,0,0,1,0,80")->port == 80);
  CHECK(passive_place("(10,1,2,3,0,21). 7")->port == 21);
  CHECK(passive_place("10,1,2,3,0,21,9")->port == 21);
  CHECK_FALSE(passive_place("(10,1,2,3,4)"));
  CHECK_FALSE(passive_place("(10,1,2,3,4,256)"));
  CHECK_FALSE(passive_place("(10,1,2,3,0,0)"));
  CHECK_FALSE(passive_place("(99999999999999999999,1,2,3,0,1)"));
  CHECK_FALSE(passive_place(""));
  CHECK(extended_passive_port("Entering (|||6446|)") == 6446);
  CHECK_FALSE(extended_passive_port("Entering (|||65536|)"));
  CHECK_FALSE(extended_passive_port("Entering (|||0|)"));
  CHECK_FALSE(extended_passive_port("Entering (|||x|)"));
  CHECK_FALSE(extended_passive_port("Entering (|||"));
  CHECK_FALSE(extended_passive_port("Entering"));
}

TEST_CASE("a path stands in quotes, of which one inside is doubled") {
  CHECK(quoted_path("\"/a\" is here") == "/a");
  CHECK(quoted_path("\"/a\"\"b\" created") == "/a\"b");
  CHECK(quoted_path("\"/a\"") == "/a");
  CHECK_FALSE(quoted_path("/a"));
  CHECK_FALSE(quoted_path("\"/a"));
  CHECK_FALSE(quoted_path("\"/a\rOK\" is here"));
  CHECK_FALSE(quoted_path("\"/a\x7F\" is here"));
}
