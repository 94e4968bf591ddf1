// The table of RFC 1661 section 4.1, cell by cell, and the limits of the automaton.
#include "data_services/ppp/automaton.hpp"

#include "tests/unit/data_services/ppp/hex.hpp"

#include <chrono>

#include <catch2/catch.hpp>

using namespace data_services::ppp;
using namespace ppp_test;
using namespace std::chrono_literals;

namespace {

/// A protocol with one option of its own, 09 03 01. It grants an empty request, would like 07 03 AA
/// to be 07 03 BB, and rejects everything else.
class Toy : public Automaton::Protocol {
 public:
  void send(const ControlPacket& packet) override {
    said += (said.empty() ? "" : " | ") + shown(make_control(packet));
  }
  void begin() override { note("begin"); }
  std::string request() override { return options; }
  Judgement::Answer judge(const std::vector<Option>& asked, std::string_view list,
                          bool may_nak) override {
    Judgement judgement;
    for (const auto& option : asked) {
      if (option.type != 7)
        judgement.reject(option);
      else if (option.value != "\xBB")
        judgement.nak(option, {7, "\xBB"});
    }
    return judgement.answer(list, may_nak);
  }
  void naked(const std::vector<Option>&, bool gives_up) override {
    note(gives_up ? "gives up" : "naked");
    if (gives_up) options.clear();
  }
  void rejected(const std::vector<Option>&) override { note("rejected"); }
  void up() override { note("tlu"); }
  void down() override { note("tld"); }
  void finished() override { note("tlf"); }
  bool take_further(const ControlPacket& packet) override { return packet.code == 9; }

  std::string take() { return std::exchange(said, {}); }

  std::string said;
  std::string options = hex("09 03 01");

 private:
  void note(const char* what) { said += (said.empty() ? "" : " | ") + std::string(what); }
};

struct Bed {
  at::Timeline timeline;
  Toy toy;
  Automaton automaton{timeline, toy};

  void hear(std::string_view packet) { automaton.receive(hex(packet)); }
  void wait(at::Duration time) { timeline.run_until(timeline.now() + time); }

  /// The identifier of the last request that was sent, as two digits.
  std::string id = "00";

  void ack() { hear("02 " + id + " 00 07 09 03 01"); }
  void grant() { hear("01 AB 00 04"); }

  void bring_to(const std::string& state) {
    if (state == "Initial") return;
    if (state == "Closed") return automaton.up();
    automaton.open();
    if (state == "Starting") return;
    automaton.up();
    if (state == "Stopped") {
      wait(60s);
    } else if (state == "Closing") {
      automaton.close();
    } else if (state == "Ack-Rcvd") {
      ack();
    } else if (state == "Ack-Sent") {
      grant();
    } else if (state == "Opened" || state == "Stopping") {
      ack();
      grant();
      if (state == "Stopping") hear("05 AB 00 04");
    }
  }
};

const std::vector<std::string> states{"Initial",  "Starting", "Closed",   "Stopped",  "Closing",
                                      "Stopping", "Req-Sent", "Ack-Rcvd", "Ack-Sent", "Opened"};

/// What a state makes of an event: what it does, and where it goes; "-" where nothing can come.
struct Expected {
  std::string said;
  std::string state;
};

void check_row(const std::string& name, void (*event)(Bed&), const std::vector<Expected>& row) {
  REQUIRE(row.size() == states.size());
  for (std::size_t i = 0; i < states.size(); ++i) {
    Bed bed;
    bed.bring_to(states[i]);
    REQUIRE(bed.automaton.state_name() == states[i]);
    bed.toy.said.clear();
    event(bed);
    INFO(name << " in " << states[i]);
    CHECK(bed.toy.said == row[i].said);
    CHECK(bed.automaton.state_name() == row[i].state);
  }
}

const std::string request = "01 00 00 07 09 03 01";
const std::string next_request = "01 01 00 07 09 03 01";
const std::string terminate = "05 01 00 04";
const std::string terminated = "06 55 00 04";

}  // namespace

TEST_CASE("the line comes up or goes down, in every state [PPP-13]") {
  check_row("Up", [](Bed& bed) { bed.automaton.up(); },
            {{"", "Closed"},
             {"begin | " + request, "Req-Sent"},
             {"", "Closed"},
             {"", "Stopped"},
             {"", "Closing"},
             {"", "Stopping"},
             {"", "Req-Sent"},
             {"", "Ack-Rcvd"},
             {"", "Ack-Sent"},
             {"", "Opened"}});
  check_row("Down", [](Bed& bed) { bed.automaton.down(); },
            {{"", "Initial"},
             {"", "Starting"},
             {"", "Initial"},
             {"", "Starting"},
             {"", "Initial"},
             {"", "Starting"},
             {"", "Starting"},
             {"", "Starting"},
             {"", "Starting"},
             {"tld", "Starting"}});
}

TEST_CASE("the owner opens or closes, in every state [PPP-13]") {
  check_row("Open", [](Bed& bed) { bed.automaton.open(); },
            {{"", "Starting"},
             {"", "Starting"},
             {"begin | " + request, "Req-Sent"},
             {"", "Stopped"},
             {"", "Stopping"},
             {"", "Stopping"},
             {"", "Req-Sent"},
             {"", "Ack-Rcvd"},
             {"", "Ack-Sent"},
             {"", "Opened"}});
  check_row("Close", [](Bed& bed) { bed.automaton.close(); },
            {{"", "Initial"},
             {"tlf", "Initial"},
             {"", "Closed"},
             {"", "Closed"},
             {"", "Closing"},
             {"", "Closing"},
             {terminate, "Closing"},
             {terminate, "Closing"},
             {terminate, "Closing"},
             {"tld | " + terminate, "Closing"}});
}

TEST_CASE("the restart timer runs out for once, in every state [PPP-13]") {
  check_row("TO+", [](Bed& bed) { bed.wait(6s); },
            {{"", "Initial"},
             {"", "Starting"},
             {"", "Closed"},
             {"", "Stopped"},
             {"05 02 00 04", "Closing"},
             {"tlf", "Stopped"},  // after a host's Terminate-Request it runs once only
             {request, "Req-Sent"},
             {next_request, "Req-Sent"},
             {request, "Ack-Sent"},
             {"", "Opened"}});
}

TEST_CASE("the restart timer runs out for good, in every state [PPP-13]") {
  check_row("TO-",
            [](Bed& bed) {
              bed.wait(59'999ms);
              bed.toy.said.clear();
              bed.wait(1ms);
            },
            {{"", "Initial"},
             {"", "Starting"},
             {"", "Closed"},
             {"", "Stopped"},
             {"", "Closed"},
             {"", "Stopped"},
             {"tlf", "Stopped"},
             {next_request, "Req-Sent"},  // its count began again with the ack
             {"tlf", "Stopped"},
             {"", "Opened"}});
}

TEST_CASE("a good request, in every state [PPP-13]") {
  check_row("RCR+", [](Bed& bed) { bed.hear("01 55 00 07 07 03 BB"); },
            {{"", "Initial"},
             {"", "Starting"},
             {terminated, "Closed"},
             {"begin | " + next_request + " | 02 55 00 07 07 03 BB", "Ack-Sent"},
             {"", "Closing"},
             {"", "Stopping"},
             {"02 55 00 07 07 03 BB", "Ack-Sent"},
             {"02 55 00 07 07 03 BB | tlu", "Opened"},
             {"02 55 00 07 07 03 BB", "Ack-Sent"},
             {"tld | begin | " + next_request + " | 02 55 00 07 07 03 BB", "Ack-Sent"}});
}

TEST_CASE("a request to dislike or to reject, in every state [PPP-13]") {
  check_row("RCR- with a nak", [](Bed& bed) { bed.hear("01 55 00 07 07 03 AA"); },
            {{"", "Initial"},
             {"", "Starting"},
             {terminated, "Closed"},
             {"begin | " + next_request + " | 03 55 00 07 07 03 BB", "Req-Sent"},
             {"", "Closing"},
             {"", "Stopping"},
             {"03 55 00 07 07 03 BB", "Req-Sent"},
             {"03 55 00 07 07 03 BB", "Ack-Rcvd"},
             {"03 55 00 07 07 03 BB", "Req-Sent"},
             {"tld | begin | " + next_request + " | 03 55 00 07 07 03 BB", "Req-Sent"}});
  check_row("RCR- with a reject", [](Bed& bed) { bed.hear("01 55 00 0A 07 03 AA 08 03 AA"); },
            {{"", "Initial"},
             {"", "Starting"},
             {terminated, "Closed"},
             {"begin | " + next_request + " | 04 55 00 07 08 03 AA", "Req-Sent"},
             {"", "Closing"},
             {"", "Stopping"},
             {"04 55 00 07 08 03 AA", "Req-Sent"},
             {"04 55 00 07 08 03 AA", "Ack-Rcvd"},
             {"04 55 00 07 08 03 AA", "Req-Sent"},
             {"tld | begin | " + next_request + " | 04 55 00 07 08 03 AA", "Req-Sent"}});
}

TEST_CASE("an ack, in every state [PPP-13]") {
  // Behind Ack-Rcvd and Opened the request has been answered: what comes then is a second answer.
  check_row("RCA", [](Bed& bed) { bed.ack(); },
            {{"", "Initial"},
             {"", "Starting"},
             {"06 00 00 04", "Closed"},
             {"06 00 00 04", "Stopped"},
             {"", "Closing"},
             {"", "Stopping"},
             {"", "Ack-Rcvd"},
             {"", "Ack-Rcvd"},
             {"tlu", "Opened"},
             {"", "Opened"}});
}

TEST_CASE("a nak or a reject, in every state [PPP-13]") {
  check_row("RCN", [](Bed& bed) { bed.hear("03 00 00 07 09 03 02"); },
            {{"", "Initial"},
             {"", "Starting"},
             {"06 00 00 04", "Closed"},
             {"06 00 00 04", "Stopped"},
             {"", "Closing"},
             {"", "Stopping"},
             {"naked | " + next_request, "Req-Sent"},
             {"", "Ack-Rcvd"},
             {"naked | " + next_request, "Ack-Sent"},
             {"", "Opened"}});
  check_row("RCN", [](Bed& bed) { bed.hear("04 00 00 07 09 03 01"); },
            {{"", "Initial"},
             {"", "Starting"},
             {"06 00 00 04", "Closed"},
             {"06 00 00 04", "Stopped"},
             {"", "Closing"},
             {"", "Stopping"},
             {"rejected | " + next_request, "Req-Sent"},
             {"", "Ack-Rcvd"},
             {"rejected | " + next_request, "Ack-Sent"},
             {"", "Opened"}});
}

TEST_CASE("the other end terminates, or agrees to that, in every state [PPP-11] [PPP-13]") {
  check_row("RTR", [](Bed& bed) { bed.hear("05 55 00 06 62 79"); },
            {{"", "Initial"},
             {"", "Starting"},
             {terminated, "Closed"},
             {terminated, "Stopped"},
             {terminated, "Closing"},
             {terminated, "Stopping"},
             {terminated, "Req-Sent"},
             {terminated, "Req-Sent"},
             {terminated, "Req-Sent"},
             {"tld | " + terminated, "Stopping"}});
  check_row("RTA", [](Bed& bed) { bed.hear("06 55 00 04"); },
            {{"", "Initial"},
             {"", "Starting"},
             {"", "Closed"},
             {"", "Stopped"},
             {"tlf", "Closed"},
             {"tlf", "Stopped"},
             {"", "Req-Sent"},
             {"", "Req-Sent"},
             {"", "Ack-Sent"},
             {"tld | begin | " + next_request, "Req-Sent"}});
}

TEST_CASE("an unknown code comes back, in every state [PPP-29]") {
  check_row("RUC", [](Bed& bed) { bed.hear("0E 55 00 06 61 62"); },
            {{"", "Initial"},
             {"", "Starting"},
             {"07 00 00 0A 0E 55 00 06 61 62", "Closed"},
             {"07 01 00 0A 0E 55 00 06 61 62", "Stopped"},
             {"07 02 00 0A 0E 55 00 06 61 62", "Closing"},
             {"07 01 00 0A 0E 55 00 06 61 62", "Stopping"},
             {"07 01 00 0A 0E 55 00 06 61 62", "Req-Sent"},
             {"07 01 00 0A 0E 55 00 06 61 62", "Ack-Rcvd"},
             {"07 01 00 0A 0E 55 00 06 61 62", "Ack-Sent"},
             {"07 01 00 0A 0E 55 00 06 61 62", "Opened"}});
}

TEST_CASE("a code is rejected that it can do without, or cannot, in every state [PPP-29]") {
  check_row("RXJ+", [](Bed& bed) { bed.hear("07 55 00 08 0A 01 00 04"); },
            {{"", "Initial"},
             {"", "Starting"},
             {"", "Closed"},
             {"", "Stopped"},
             {"", "Closing"},
             {"", "Stopping"},
             {"", "Req-Sent"},
             {"", "Req-Sent"},
             {"", "Ack-Sent"},
             {"", "Opened"}});
  const std::vector<Expected> fatal{{"", "Initial"},    {"", "Starting"},
                                    {"tlf", "Closed"},  {"tlf", "Stopped"},
                                    {"tlf", "Closed"},  {"tlf", "Stopped"},
                                    {"tlf", "Stopped"}, {"tlf", "Stopped"},
                                    {"tlf", "Stopped"}, {"tld | " + terminate, "Stopping"}};
  check_row(
      "RXJ-", [](Bed& bed) { bed.hear("07 55 00 08 01 01 00 04"); }, fatal);
  check_row(
      "RXJ-", [](Bed& bed) { bed.hear("07 55 00 08 07 01 00 04"); }, fatal);
  check_row(
      "RXJ-", [](Bed& bed) { bed.automaton.unknown_to_peer(); }, fatal);
}

TEST_CASE("a packet that is none is dropped, in every state [PPP-13]") {
  std::vector<Expected> nothing;
  for (const auto& state : states) nothing.push_back({"", state});
  for (const auto event :
       {+[](Bed& bed) { bed.hear(""); }, +[](Bed& bed) { bed.hear("01 00 00"); },
        +[](Bed& bed) { bed.hear("01 00 00 03"); }, +[](Bed& bed) { bed.hear("01 00 00 05"); },
        +[](Bed& bed) { bed.hear("01 00 FF FF 00"); }, +[](Bed& bed) { bed.hear("07 00 00 04"); },
        +[](Bed& bed) { bed.hear("09 00 00 04"); }})
    check_row("junk", event, nothing);
}

TEST_CASE("an option that leads out of its list drops the request [PPP-13]") {
  for (const char* const list :
       {"07", "07 00", "07 01", "07 03", "07 03 BB 08", "07 02 08 09 00"}) {
    Bed bed;
    bed.bring_to("Req-Sent");
    bed.toy.said.clear();
    const auto options = hex(list);
    auto packet = hex("01 55 00 00") + options;
    packet[3] = static_cast<char>(packet.size());
    bed.automaton.receive(packet);
    CHECK(bed.toy.said.empty());
  }
}

TEST_CASE("an answer that does not fit its request is dropped [PPP-13]") {
  for (const char* const answer :
       {"02 01 00 07 09 03 01", "02 00 00 04", "02 00 00 07 09 03 02",
        "02 00 00 0A 09 03 01 09 03 01", "04 00 00 07 09 03 02", "04 00 00 06 08 02",
        "03 00 00 06 09 03", "03 01 00 07 09 03 02"}) {
    Bed bed;
    bed.bring_to("Req-Sent");
    bed.toy.said.clear();
    bed.hear(answer);
    CHECK(bed.toy.said.empty());
    CHECK(bed.automaton.state_name() == "Req-Sent");
  }
}

TEST_CASE("padding behind a packet is no part of it [PPP-13]") {
  Bed bed;
  bed.bring_to("Req-Sent");
  bed.hear("02 00 00 07 09 03 01 FF FF");
  CHECK(bed.automaton.state_name() == "Ack-Rcvd");
}

TEST_CASE("ten requests, six seconds apart, then it gives up [PPP-13]") {
  Bed bed;
  bed.bring_to("Req-Sent");
  CHECK(bed.toy.take() == "begin | " + request);
  for (int i = 0; i < 9; ++i) {
    bed.wait(5'999ms);
    CHECK(bed.toy.take().empty());
    bed.wait(1ms);
    CHECK(bed.toy.take() == request);
  }
  bed.wait(5'999ms);
  CHECK(bed.toy.take().empty());
  bed.wait(1ms);
  CHECK(bed.toy.take() == "tlf");
  CHECK(bed.timeline.pending() == 0);
}

TEST_CASE("two requests to terminate, then it is over [PPP-13]") {
  Bed bed;
  bed.bring_to("Opened");
  bed.toy.said.clear();
  bed.automaton.close();
  CHECK(bed.toy.take() == "tld | 05 01 00 04");
  bed.wait(6s);
  CHECK(bed.toy.take() == "05 02 00 04");
  bed.wait(6s);
  CHECK(bed.toy.take() == "tlf");
  CHECK(bed.timeline.pending() == 0);
}

TEST_CASE("five naks, then what they were about is rejected, until something is granted [PPP-13]") {
  Bed bed;
  bed.bring_to("Req-Sent");
  bed.toy.said.clear();
  for (int i = 0; i < Automaton::max_failure; ++i) {
    bed.hear("01 55 00 07 07 03 AA");
    CHECK(bed.toy.take() == "03 55 00 07 07 03 BB");
  }
  bed.hear("01 56 00 0D 07 03 AA 07 03 BB 08 03 01");
  CHECK(bed.toy.take() == "04 56 00 0A 07 03 AA 08 03 01");
  bed.grant();
  CHECK(bed.toy.take() == "02 AB 00 04");
  bed.hear("01 55 00 07 07 03 AA");
  CHECK(bed.toy.take() == "03 55 00 07 07 03 BB");
}

TEST_CASE("a line that went down and comes up has its naks again [PPP-13]") {
  Bed bed;
  bed.bring_to("Req-Sent");
  for (int i = 0; i < Automaton::max_failure; ++i) bed.hear("01 55 00 07 07 03 AA");
  bed.automaton.down();
  bed.automaton.up();
  bed.toy.said.clear();
  bed.hear("01 55 00 07 07 03 AA");
  CHECK(bed.toy.take() == "03 55 00 07 07 03 BB");
}

TEST_CASE("a link that begins anew has its ten requests again [PPP-13]") {
  Bed bed;
  bed.bring_to("Req-Sent");
  bed.wait(54s);
  bed.ack();
  bed.grant();
  bed.grant();
  bed.toy.said.clear();
  bed.wait(54s);
  CHECK(bed.automaton.state_name() == "Ack-Sent");
  bed.wait(6s);
  CHECK(bed.automaton.state_name() == "Stopped");
}

TEST_CASE("a peer that naks for ever has its way after five [PPP-13]") {
  Bed bed;
  bed.bring_to("Req-Sent");
  bed.toy.said.clear();
  for (int i = 0; i < Automaton::max_failure; ++i) {
    const auto id = std::string("0") + static_cast<char>('0' + i);
    const auto next = std::string("0") + static_cast<char>('1' + i);
    bed.hear("03 " + id + " 00 07 09 03 02");
    CHECK(bed.toy.take() == "naked | 01 " + next + " 00 07 09 03 01");
  }
  bed.hear("03 05 00 07 09 03 02");
  CHECK(bed.toy.take() == "gives up | 01 06 00 04");
}

TEST_CASE("the second answer to a repeated request is dropped [PPP-13]") {
  Bed bed;
  bed.bring_to("Req-Sent");
  bed.wait(6s);
  bed.grant();
  bed.ack();
  bed.toy.said.clear();
  bed.ack();
  CHECK(bed.toy.said.empty());
  CHECK(bed.automaton.is_open());
}

TEST_CASE("a code that comes back is cut to what the peer takes [PPP-29]") {
  Bed bed;
  bed.bring_to("Opened");
  bed.toy.said.clear();
  std::string packet = hex("0E 55 05 DC");
  packet.resize(1500, 'x');
  bed.automaton.receive(packet);
  const auto back = hex(bed.toy.said);
  CHECK(back.size() == 1500);
  CHECK(back.substr(4) == packet.substr(0, 1496));
}
