// What the flash has of a card when the module is made: kept where it is possible, and of a card as
// new where it is not.
#include "tests/support/world.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace {

/// Made over a flash that has `value` under `name`.
class Module {
 public:
  Module(const std::string& name, const std::string& value) {
    flash_.settings[name] = value;
    modem_.emplace(emulator::Modem::Settings{},
                   emulator::Modem::World{
                       timeline_,
                       log_,
                       flash_,
                       flash_,
                       files_,
                       internet_,
                       transport_,
                       [this](int) { return std::make_unique<support::FakeLink>(timeline_); },
                       {},
                       nullptr});
    terminal_ = &modem_->add_channel("uart1", port_);
    modem_->power_on();
    say("ATE0");
  }

  std::string say(const std::string& line) {
    timeline_.run_until(timeline_.now());
    port_.unread.clear();
    terminal_->receive(line + "\r");
    timeline_.run_until(timeline_.now());
    return std::exchange(port_.unread, {});
  }

 private:
  at::Timeline timeline_;
  support::MemoryLog log_;
  support::MemoryFlash flash_;
  support::MemoryFiles files_;
  support::FakeInternet internet_;
  support::FakeTransport transport_;
  support::FakePort port_;
  std::optional<emulator::Modem> modem_;
  at::Terminal* terminal_ = nullptr;
};

const std::string card = "SIM/89882390000000000011";
const std::string as_new = "\r\n+QPINC: \"SC\",3,10\r\n+QPINC: \"P2\",3,10\r\n\r\nOK\r\n";

std::string stored(const std::string& pin, const std::string& tries, const std::string& unblock,
                   const std::string& enabled = "false") {
  return R"({"pin":)" + pin + R"(,"pin_tries":)" + tries + R"(,"puk_tries":)" + unblock +
         R"(,"pin2":"2222","pin2_tries":1,"puk2_tries":8,"pin_enabled":)" + enabled + "}";
}

}  // namespace

TEST_CASE("tries that a card has left outlast the program") {
  Module module(card, stored(R"("1111")", "2", "9"));
  CHECK(module.say("AT+QPINC?") == "\r\n+QPINC: \"SC\",2,9\r\n+QPINC: \"P2\",1,8\r\n\r\nOK\r\n");
  CHECK(module.say("AT+CPIN?") == "\r\n+CPIN: READY\r\n\r\nOK\r\n");
}

TEST_CASE("locks of a card are there at the next start") {
  CHECK(Module(card, stored(R"("1111")", "3", "10", "true")).say("AT+CPIN?") ==
        "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
  CHECK(Module(card, stored(R"("1111")", "0", "10")).say("AT+CPIN?") ==
        "\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n");
  CHECK(Module(card, stored(R"("1111")", "0", "0")).say("AT+CPIN?") == "\r\n+CME ERROR: 13\r\n");
}

TEST_CASE("what no card can have is passed over") {
  for (const auto& wrong :
       {std::string("x"), std::string("{}"), std::string("[]"), stored("1111", "2", "9"),
        stored(R"("")", "2", "9"), stored(R"("12a4")", "2", "9"), stored(R"("123")", "2", "9"),
        stored(R"("123456789")", "2", "9"), stored(R"("1111")", "4", "9"),
        stored(R"("1111")", "-1", "9"), stored(R"("1111")", "2", "11"),
        stored(R"("1111")", "2", "-1"), stored(R"("1111")", R"("2")", "9"),
        stored(R"("1111")", "2", "9", "1"),
        std::string(R"({"pin":"1111","pin_tries":2,"puk_tries":9,"pin2":"2222","pin2_tries":5,)"
                    R"("puk2_tries":8,"pin_enabled":false})")}) {
    CAPTURE(wrong);
    CHECK(Module(card, wrong).say("AT+QPINC?") == as_new);
  }
}

TEST_CASE("the stored detection of a card is one that the command takes") {
  CHECK(Module("QSIMDET", "1,0").say("AT+QSIMDET?") == "\r\n+QSIMDET: 1,0\r\n\r\nOK\r\n");
  CHECK(Module("QSIMDET", "0,1").say("AT+QSIMDET?") == "\r\n+QSIMDET: 0,1\r\n\r\nOK\r\n");
  for (const auto* wrong : {"", "1", "1,", "1,2", "2,1", "1;1", "1,10"}) {
    CAPTURE(wrong);
    CHECK(Module("QSIMDET", wrong).say("AT+QSIMDET?") == "\r\n+QSIMDET: 0,0\r\n\r\nOK\r\n");
  }
}
