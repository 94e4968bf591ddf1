// Control messages and what the module answers, without a line.
#include "at_engine/mux/control.hpp"

#include "tests/unit/at_engine/mux/bench.hpp"

#include <catch2/catch.hpp>

using namespace mux_bench;

namespace {

constexpr std::size_t n1 = 127;

/// The data of the answer to the data of a command; "-" if there is none.
std::string answer(std::string_view command) {
  const auto data = hex(command);
  const auto message = parse_control(data);
  REQUIRE(message);
  REQUIRE(message->is_command());
  const auto said = answer_to(*message, n1);
  return said ? support::shown(*said) : "-";
}

}  // namespace

TEST_CASE("each command is answered by its own type without C/R [MUX-24] [MUX-27] [MUX-30]") {
  CHECK(answer("E3 05 07 8D") == "E1 05 07 8D");
  CHECK(answer("E3 07 07 0C 01") == "E1 07 07 0C 01");
  CHECK(answer("C3 01") == "C1 01");
  CHECK(answer("23 09 50 49 4E 47") == "21 09 50 49 4E 47");
  CHECK(answer("23 01") == "21 01");
  CHECK(answer("A3 01") == "A1 01");
  CHECK(answer("63 01") == "61 01");
  CHECK(answer("43 01") == "41 01");
}

TEST_CASE("PN settles for the smaller N1, and for UIH [MUX-31]") {
  CHECK(answer("83 11 01 00 07 0A 7F 00 03 00") == "81 11 01 00 07 0A 7F 00 03 00");
  CHECK(answer("83 11 02 F0 07 0A 40 00 03 02") == "81 11 02 00 07 0A 40 00 03 02");
  CHECK(answer("83 11 01 00 07 0A DC 05 03 00") == "81 11 01 00 07 0A 7F 00 03 00");
  CHECK(answer("83 11 01 00 07 0A 00 00 03 00") == "81 11 01 00 07 0A 7F 00 03 00");
  CHECK(answer("83 05 01 00") == "-");
  const auto large = hex("83 11 01 00 07 0A DC 05 03 00");
  CHECK(support::shown(*answer_to(*parse_control(large), 32767)) ==
        "81 11 01 00 07 0A DC 05 03 00");
}

TEST_CASE("RPN tells the port's settings or takes the host's, RLS is echoed [MUX-32]") {
  CHECK(answer("93 03 07") == "91 11 07 07 03 00 11 13 7F 3F");
  CHECK(answer("93 11 07 03 03 00 11 13 01 00") == "91 11 07 03 03 00 11 13 01 00");
  CHECK(answer("53 05 07 03") == "51 05 07 03");
}

TEST_CASE("SNC and what is unknown are not supported, by the type that came [MUX-32]") {
  CHECK(answer("D3 05 07 00") == "11 03 D3");
  CHECK(answer("FF 01") == "11 03 FF");
  CHECK(answer("02 01") == "11 03 02");
  CHECK(answer("13 03 E3") == "-");
}

TEST_CASE("a message ends where its frame ends, whatever it says [MUX-41] [T-28]") {
  CHECK(answer("C3") == "C1 01");
  CHECK(answer("C3 05") == "C1 01");
  CHECK(answer("E3 03 07 8D") == "E1 05 07 8D");
  CHECK(answer("23 FF 61") == "21 03 61");
  CHECK(answer("23 08 03 61") == "21 03 61");
  CHECK(answer("23 08") == "21 01");
}

TEST_CASE("messages of more than 64 bytes are not heard [MUX-33]") {
  const auto of_size = [](std::size_t size) { return hex("23 7D") + std::string(size - 2, 'x'); };
  CHECK(parse_control(of_size(64)));
  CHECK_FALSE(parse_control(of_size(65)));
  CHECK_FALSE(parse_control(""));
}

TEST_CASE("a response is told from a command") {
  const auto data = hex("E1 05 07 8D");
  CHECK_FALSE(parse_control(data)->is_command());
  CHECK(parse_control(data)->kind() == ControlType::modem_status);
}

TEST_CASE("signals are the bits of MSC [MUX-25] [MUX-28]") {
  CHECK(octet_of({}) == 0x8D);
  CHECK(signals_of(0x8D) == Signals{});
  CHECK(signals_of(0x8F).flow_stopped);
  CHECK(stops_sender(signals_of(0x8F)));
  CHECK(stops_sender(signals_of(0x85)));
  CHECK_FALSE(stops_sender(signals_of(0x89)));
  CHECK_FALSE(signals_of(0x89).ready);
  CHECK_FALSE(signals_of(0x0D).data_valid);
  CHECK(signals_of(0xCD).incoming_call);
  for (unsigned octet = 1; octet < 256; octet += 2)
    CHECK(octet_of(signals_of(octet)) == (octet & 0xCFU));
  CHECK(support::shown(modem_status(4, {})) == "13 8D");
  CHECK(modem_status_of(hex("0F 0D 01"))->dlci == 3);
  CHECK_FALSE(modem_status_of(hex("0F")));
}

TEST_CASE("the numbers of +CMUX have their ranges and defaults [MUX-2] [MUX-3] [MUX-4]") {
  const Parameters usual;
  CHECK(is_valid(usual));
  CHECK(usual == Parameters{0, 0, 5, 127, 10, 3, 30, 10, 2});
  CHECK(is_valid({1, 2, 8, 32768, 255, 100, 255, 255, 7}));
  CHECK(is_valid({0, 0, 1, 1, 1, 0, 2, 1, 1}));
  for (const auto& range : parameter_ranges)
    for (const int value : {range.least - 1, range.most + 1}) {
      INFO(range.name);
      auto beyond = usual;
      beyond.*range.member = value;
      CHECK_FALSE(is_valid(beyond));
    }
  CHECK(baud_of(1) == 9600);
  CHECK(baud_of(5) == 115200);
  CHECK(baud_of(8) == 921600);
  CHECK(baud_of(0) == 0);
  CHECK(baud_of(9) == 0);
}
