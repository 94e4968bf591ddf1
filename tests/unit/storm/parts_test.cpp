// The parts that a storm is made of: times, lines, answers, messages on their way, outages.
#include "storm/core/answer.hpp"
#include "storm/core/backoff.hpp"
#include "storm/core/histogram.hpp"
#include "storm/core/ledger.hpp"
#include "storm/core/line_splitter.hpp"
#include "storm/core/message.hpp"
#include "storm/core/outages.hpp"

#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace storm;
using namespace std::chrono_literals;

namespace {

/// Lines in brackets, prompts as ">".
std::string tokens_of(LineSplitter& splitter, std::string_view bytes) {
  std::string all;
  while (const auto token = splitter.next(bytes))
    all += token->kind == Token::Kind::prompt ? ">" : "[" + std::string(token->text) + "]";
  return all;
}

}  // namespace

TEST_CASE("a histogram is exact to three figures, at every size") {
  Histogram histogram;
  CHECK(histogram.quantile(0.5) == 0us);
  std::mt19937_64 random(1);
  for (int octave = 0; octave < 36; ++octave) {
    const auto value = static_cast<Time::rep>((std::uint64_t{1} << octave) +
                                              random() % (std::uint64_t{1} << octave));
    Histogram single;
    single.record(Time(value));
    single.record(Histogram::longest);
    const auto shown = single.quantile(0.5).count();
    CHECK(shown >= value);
    CHECK(static_cast<double>(shown - value) <= static_cast<double>(value) / 1000);
  }
}

TEST_CASE("the quantiles of a histogram") {
  Histogram histogram;
  for (int i = 1; i <= 1000; ++i) histogram.record(Time(i));
  CHECK(histogram.count() == 1000);
  CHECK(histogram.quantile(0) == 1us);
  CHECK(histogram.quantile(0.5) == 500us);
  CHECK(histogram.quantile(0.99) == 990us);
  CHECK(histogram.quantile(0.999) == 999us);
  CHECK(histogram.quantile(1) == 1000us);
  histogram.record(-1s);
  CHECK(histogram.quantile(0) == 0us);
  histogram.record(1000h);
  CHECK(histogram.max() == 1000h);
  CHECK(histogram.quantile(1) >= Histogram::longest);
}

TEST_CASE("lines and prompts are the same however they are cut") {
  const std::string said =
      "AT+X\r\r\n\r\nOK\r\n\r\n> payload>\r\n\r\nOK\r\n>x\r\n> > \r\r\n\r\nlast > one\r\nrest";
  const std::string expected = "[AT+X][OK]>[payload>][OK][>x]>>[last > one]";
  for (std::size_t cut = 0; cut <= said.size(); ++cut) {
    LineSplitter splitter;
    auto all = tokens_of(splitter, said.substr(0, cut));
    all += tokens_of(splitter, said.substr(cut));
    CHECK(all == expected);
  }
  LineSplitter splitter;
  std::string all;
  for (const char byte : said) all += tokens_of(splitter, {&byte, 1});
  CHECK(all == expected);
}

TEST_CASE("a line that is too long is left out as a whole") {
  LineSplitter splitter;
  const std::string longest(LineSplitter::max_line - 1, 'x');
  CHECK(tokens_of(splitter, longest + "\r\n") == "[" + longest + "]");
  CHECK(tokens_of(splitter, longest).empty());
  CHECK(tokens_of(splitter, "yyy").empty());
  CHECK(tokens_of(splitter, "> \r\nOK\r\n") == "[OK]");
  CHECK(splitter.overlong_lines() == 1);
  CHECK(tokens_of(splitter, "half").empty());
  splitter.reset();
  CHECK(tokens_of(splitter, "OK\r\n") == "[OK]");
}

TEST_CASE("what lines mean") {
  using Kind = Answer::Kind;
  CHECK(read_answer("OK").kind == Kind::ok);
  CHECK(read_answer("ERROR").kind == Kind::error);
  CHECK(read_answer("+CME ERROR: 3").kind == Kind::error);
  CHECK(read_answer("RDY").kind == Kind::ready);
  const auto open = read_answer("+QMTOPEN: 0,-1");
  CHECK(open.kind == Kind::open);
  CHECK(open.values[0] == -1);
  const auto grant = read_answer("+QMTSUB: 0,1,0,2,1,1,1,1,1");
  CHECK(grant.kind == Kind::subscribe);
  CHECK(grant.count == Answer::max_values);
  CHECK(grant.values[2] == 2);
  CHECK(read_answer("+QMTSTAT: 0,1").kind == Kind::status);
  for (const auto* other :
       {"", "OKAY", "+QMTOPEN: 1,0", "+QMTOPEN: 0", "+QMTOPEN: 0,", "+QMTOPEN: 0,x", "+QMTOPEN:0,0",
        "+QMTOPEN: 0,0 ", "AT+QMTOPEN=0,\"h\",1", "+QMTOPEN: 0,99999999999", "+QMTRECV: 0,1",
        "+QMTRECV: 1,1,\"t\",\"p\"", "+QMTRECV: 0,1,\"t\",\"", "+QMTRECV: 0,1,\"t\",5\"p\"",
        "+QMTRECV: 0,1,\"t\",x", "+QMTRECV: 0,1,t,p"})
    CHECK(read_answer(other).kind == Kind::other);
}

TEST_CASE("a message in a line, with and without its length") {
  for (const auto* line :
       {R"(+QMTRECV: 0,7,"a/b","say "hi", now")", R"(+QMTRECV: 0,7,"a/b",13,"say "hi", now")"}) {
    const auto message = read_answer(line);
    CHECK(message.kind == Answer::Kind::message);
    CHECK(message.topic == "a/b");
    CHECK(message.payload == R"(say "hi", now)");
  }
  CHECK(read_answer(R"(+QMTRECV: 0,7,"a","")").kind == Answer::Kind::message);
}

TEST_CASE("a payload tells which message it is") {
  const auto payload = message_payload("feedbeef", 42, 64);
  CHECK(payload == "feedbeef 0000000042 qrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh");
  CHECK(sequence_of(payload, "feedbeef") == 42);
  CHECK_FALSE(sequence_of(payload, "deadbeef"));
  CHECK_FALSE(sequence_of("feedbeef 00000", "feedbeef"));
  CHECK_FALSE(sequence_of("feedbeef 99999999999 ", "feedbeef"));
  CHECK_FALSE(sequence_of("feedbeef 00x0000042 ", "feedbeef"));
  CHECK(message_payload("feedbeef", 0xFFFFFFFF, min_payload).size() == min_payload);
}

TEST_CASE("back-off doubles up to its limit, and begins anew after success") {
  Dice dice(1);
  Backoff backoff({.first = 100ms, .most = 350ms});
  for (const Time whole : {Time(100ms), Time(200ms), Time(350ms), Time(350ms)}) {
    const auto wait = backoff.wait(dice);
    CHECK(wait >= whole / 2);
    CHECK(wait < whole);
  }
  backoff.reset();
  CHECK(backoff.wait(dice) < 100ms);
  Backoff fixed({.first = 1s, .most = 10ms});
  CHECK(fixed.wait(dice) <= 10ms);
}

TEST_CASE("a ledger knows what is on its way") {
  Ledger ledger;
  for (std::uint32_t sequence = 1; sequence <= 4; ++sequence) ledger.sent(sequence, Time(sequence));
  ledger.confirmed(1);
  ledger.confirmed(2);
  ledger.confirmed(9);
  CHECK(ledger.expected(false) == 2);
  const auto first = ledger.arrived(2);
  CHECK(first.arrival == Ledger::Arrival::first);
  CHECK(first.sent_at == 2us);
  CHECK(ledger.arrived(2).arrival == Ledger::Arrival::again);
  CHECK(ledger.arrived(5).arrival == Ledger::Arrival::unknown);
  ledger.link_lost();
  CHECK(ledger.expected(false) == 0);
  CHECK(ledger.expected(true) == 1);
  ledger.sent(5, 5us);
  ledger.confirmed(5);
  const auto losses = ledger.close();
  CHECK(losses.all == 2);
  CHECK(losses.with_link == 1);
  CHECK(ledger.arrived(1).arrival == Ledger::Arrival::unknown);
}

TEST_CASE("a ledger gives up the oldest rather than grow") {
  Ledger ledger;
  std::uint64_t lost = 0;
  for (std::uint32_t sequence = 1; sequence <= Ledger::max_open + 10; ++sequence) {
    lost += ledger.sent(sequence, 0us).all;
    if (sequence % 2 == 0) ledger.confirmed(sequence);
  }
  CHECK(lost == 5);
  CHECK(ledger.arrived(10).arrival == Ledger::Arrival::unknown);
  CHECK(ledger.arrived(11).arrival == Ledger::Arrival::first);
  CHECK(ledger.close().all == Ledger::max_open / 2);
}

TEST_CASE("an outage lasts until the last modem is back") {
  Outages outages(10);
  outages.back(0, 1s);
  outages.attempt(0);
  CHECK(outages.count() == 0);
  for (std::size_t slot = 0; slot < 4; ++slot) outages.lost(slot, 10s + Time(slot));
  for (std::size_t slot = 0; slot < 10; ++slot) outages.attempt(slot);
  outages.back(0, 11s);
  outages.back(1, 12s);
  auto figures = outages.list().front();
  CHECK(figures.began == 10s);
  CHECK(figures.modems == 4);
  CHECK(figures.attempts == 4);
  CHECK(figures.half == 2s);
  CHECK_FALSE(figures.nine_tenths);
  outages.lost(0, 13s);  // once more
  CHECK_FALSE(outages.list().front().half);
  for (std::size_t slot = 0; slot < 4; ++slot) outages.back(slot, 20s + std::chrono::seconds(slot));
  figures = outages.list().front();
  CHECK(figures.half == 10s);
  CHECK(figures.all == 13s);
  CHECK(figures.ninety_nine_percent == 13s);
  CHECK(outages.count() == 1);
  outages.lost(1, 30s);
  CHECK(outages.count() == 2);
  CHECK(outages.list().back().modems == 1);
}

TEST_CASE("of many outages the first are listed") {
  Outages outages(1);
  for (std::size_t i = 0; i < Outages::max_listed + 5; ++i) {
    outages.lost(0, 1s);
    outages.back(0, 2s);
  }
  CHECK(outages.list().size() == Outages::max_listed);
  CHECK(outages.count() == Outages::max_listed + 5);
}
