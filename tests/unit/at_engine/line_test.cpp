// One command line as its bytes come: what begins it, edits it and ends it.
#include "at_engine/line.hpp"

#include <string_view>

#include <catch2/catch.hpp>

using at::Line;

namespace {

constexpr char cr = '\r';
constexpr char backspace = '\b';

/// What the last of the bytes makes of the line.
Line::Event feed(Line& line, std::string_view bytes, char s3 = cr) {
  auto event = Line::Event::none;
  for (const char byte : bytes) event = line.feed(byte, {}, s3, backspace);
  return event;
}

}  // namespace

TEST_CASE("a line is the same byte by byte and in pieces [GRAM-1]") {
  Line line;
  CHECK(feed(line, "AT+CSX\bQ\r") == Line::Event::line);
  CHECK(line.text() == "+CSQ");
  Line in_pieces;
  feed(in_pieces, "AT");
  CHECK(in_pieces.feed_plain("+CSX\bQ\r", cr, backspace) == 4);
  feed(in_pieces, "\b");
  CHECK(in_pieces.feed_plain("Q\r", cr, backspace) == 1);
  CHECK(feed(in_pieces, "\r") == Line::Event::line);
  CHECK(in_pieces.text() == line.text());
}

TEST_CASE("what is too long is so byte by byte too [GRAM-11]") {
  Line line;
  feed(line, "AT");
  for (std::size_t i = 2; i < Line::max_bytes; ++i) feed(line, " ");
  CHECK(line.text().size() == Line::max_bytes - 2);
  feed(line, " ");
  CHECK(line.text().size() == Line::max_bytes - 2);
  CHECK(feed(line, "\r") == Line::Event::too_long);
}

TEST_CASE("before AT there is no line to take bytes into [GRAM-1]") {
  Line line;
  CHECK(line.feed_plain("+CSQ", cr, backspace) == 0);
  CHECK_FALSE(line.begun());
}

TEST_CASE("A/ repeats at the start of a line alone") {
  Line line;
  CHECK(feed(line, "A/") == Line::Event::repeat);
  CHECK(feed(line, "-A/") == Line::Event::none);
  CHECK(feed(line, "\rA/") == Line::Event::repeat);
}

TEST_CASE("the host's own line end lets a command begin behind a payload [PUB-3]") {
  const auto begins = [](std::string_view surplus) {
    Line line;
    line.discard_surplus({});
    feed(line, surplus, ';');
    feed(line, "AT", ';');
    return line.begun();
  };
  CHECK(begins("more;"));
  CHECK_FALSE(begins("more,"));
}
