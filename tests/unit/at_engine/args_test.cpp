#include "at_engine/args.hpp"

#include "at_engine/command.hpp"

#include <catch2/catch.hpp>

namespace {

using at::Args;
using at::choice;
using at::number;
using at::ParamList;
using at::text;

constexpr ParamList one_of_each{number("n", -5, 5), choice("c", {0, 1, 4}), text("t", 2, 4)};

}  // namespace

TEST_CASE("numbers, choices and texts keep to their ranges") {
  const auto fits = [](std::string_view line) {
    return Args::parse(line, one_of_each).has_value();
  };
  CHECK(fits("-5,0,\"ab\""));
  CHECK(fits("5,4,abcd"));
  CHECK_FALSE(fits("-6,0,ab"));
  CHECK_FALSE(fits("6,0,ab"));
  CHECK_FALSE(fits("0,2,ab"));
  CHECK_FALSE(fits("0,5,ab"));
  CHECK_FALSE(fits("0,0,a"));
  CHECK_FALSE(fits("0,0,abcde"));
  CHECK_FALSE(fits("0,0"));
  CHECK_FALSE(fits("0,0,ab,1"));
  CHECK_FALSE(fits(""));
  CHECK_FALSE(fits("99999999999999999999,0,ab"));
  CHECK_FALSE(fits("+1,0,ab"));
  CHECK_FALSE(fits("0x1,0,ab"));
  CHECK_FALSE(fits("1.0,0,ab"));
}

TEST_CASE("blanks around arguments and quotes around numbers do not matter") {
  const auto args = Args::parse("  1 , \" 4 \" ,  \" a \" ", one_of_each);
  REQUIRE(args);
  CHECK(args->number(0) == 1);
  CHECK(args->number(1) == 4);
  CHECK(args->text(2) == " a ");
}

TEST_CASE("what is optional may be missing or empty, what is quoted and empty is given") {
  constexpr ParamList params{number("n", 0, 9), number("m", 0, 9).optional(),
                             text("t", 0, 9).optional()};
  const auto short_form = Args::parse("1", params);
  REQUIRE(short_form);
  CHECK_FALSE(short_form->given(1));
  CHECK_FALSE(short_form->given_from(1));
  CHECK(short_form->number_or(1, 7) == 7);
  const auto gap = Args::parse("1,,\"\"", params);
  REQUIRE(gap);
  CHECK_FALSE(gap->given(1));
  CHECK(gap->given(2));
  CHECK(gap->text(2).empty());
  CHECK(gap->given_from(1));
  CHECK_FALSE(gap->given_all(1, 2));
  CHECK(Args::parse("1,,", params));
  CHECK_FALSE(Args::parse("1,,,", params));
  CHECK_FALSE(Args::parse(",1", params));
}

TEST_CASE("the last parameters may repeat, whole groups only, to a limit") {
  constexpr ParamList params{number("n", 0, 9), text("t", 1, 9), number("q", 0, 2)};
  const auto args = Args::parse("1,\"a\",0,\"b\",2", params, 2);
  REQUIRE(args);
  CHECK(args->size() == 5);
  CHECK(args->text(3) == "b");
  CHECK(args->number(4) == 2);
  CHECK_FALSE(Args::parse("1,\"a\",0,\"b\"", params, 2));
  CHECK_FALSE(Args::parse("1,\"a\",0,\"b\",3", params, 2));
  std::string many = "1";
  for (int i = 0; i < 15; ++i) many += ",t,0";
  CHECK(Args::parse(many, params, 2));
  CHECK_FALSE(Args::parse(many + ",t,0", params, 2));
}

TEST_CASE("quotes must be closed and stand around the whole argument") {
  constexpr ParamList params{text("t", 0, 99)};
  CHECK_FALSE(Args::parse("\"open", params));
  CHECK_FALSE(Args::parse("\"a\"b", params));
  CHECK_FALSE(Args::parse("a\"b\"", params));
  CHECK_FALSE(Args::parse("\"", params));
  CHECK(Args::parse("\"a,b;c\"", params)->text(0) == "a,b;c");
}

namespace {

struct Family {
  at::Outcome run(const Args&) { return at::Outcome::ok(); }
};
using Row = at::Command<Family>;
constexpr Row good{.name = "+A",
                   .params = {number("n", 0, 1)},
                   .write = &Family::run,
                   .section = "1",
                   .summary = "s"};

template <class Change>
constexpr Row but(Change change) {
  Row row = good;
  change(row);
  return row;
}

static_assert(at::well_formed(good));
static_assert(!at::well_formed(but([](Row& row) { row.params = {number("n", 2, 1)}; })));
static_assert(!at::well_formed(but([](Row& row) { row.params = {number("", 0, 1)}; })));
static_assert(!at::well_formed(but([](Row& row) {
  row.params = {number("n", 0, 1).optional(), number("m", 0, 1)};
})));
static_assert(!at::well_formed(but([](Row& row) { row.repeats = 2; })));
static_assert(!at::well_formed(but([](Row& row) { row.section = ""; })));
static_assert(!at::well_formed(std::array<Row, 2>{good, good}));

}  // namespace
