// Each rule of the lint with a host that breaks it and one that does not, in virtual time.
#include "emulator/lint/linter.hpp"
#include "tests/support/faulty_modem.hpp"
#include "tests/support/world.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using namespace emulator;
using namespace std::chrono_literals;
namespace link_event = mqtt_backend::link_event;
using Texts = std::vector<std::string>;

namespace {

/// Gathers what is found, as `rule: text`.
struct Findings {
  explicit Findings(const lint::RuleSet& silenced = {})
      : linter(silenced, [this](const lint::Finding& finding) {
          all.push_back(finding);
          texts.push_back(std::string(lint::row_of(finding.rule).id) + ": " + finding.text);
        }) {}
  Texts seen() { return std::exchange(texts, {}); }

  std::vector<lint::Finding> all;
  Texts texts;
  lint::Linter linter;
};

/// A host at a modem whose broker does what the test says.
struct Host {
  explicit Host(const lint::RuleSet& silenced = {}, const Modem::Settings& settings = {})
      : findings(silenced), world(settings, &findings.linter) {
    world.modem.power_on();
    world.settle();
  }

  std::string say(std::string_view bytes) {
    world.terminals[0]->receive(bytes);
    world.settle();
    return std::exchange(world.ports[0].unread, {});
  }
  void broker(mqtt_backend::LinkEvent event) {
    world.links[0]->say(std::move(event));
    world.settle();
  }
  void wait(at::Duration time) { world.timeline.run_until(world.timeline.now() + time); }
  void open() {
    say("AT+QMTOPEN=0,\"h\",1883\r");
    broker(link_event::Opened{mqtt_backend::OpenResult::ok});
  }
  void connect() {
    open();
    say("AT+QMTCONN=0,\"id\"\r");
    broker(link_event::ConnAck{0, false});
  }
  void publish(int msg_id) {
    say("AT+QMTPUBEX=0," + std::to_string(msg_id) + ",1,0,\"t\",2\r");
    say("hi");
  }
  void acknowledge(int msg_id) { broker(link_event::Acked{world.links[0]->ticket(msg_id), {}}); }
  void deliver() { broker(link_event::Message{0, 0, false, false, "t", "x"}); }
  Texts end() {
    findings.linter.end(world.timeline.now());
    return findings.seen();
  }

  Findings findings;
  support::World world;
};

Modem::Settings slow_boot() {
  Modem::Settings settings;
  settings.device.boot = device::typical_boot;
  return settings;
}

}  // namespace

TEST_CASE("data-before-prompt: payload in the burst of its command is found [CTL-13]") {
  Host host;
  host.connect();
  host.say("AT+QMTPUBEX=0,1,1,0,\"t\",5\r\nhello");
  CHECK(host.findings.seen() ==
        Texts{"data-before-prompt: 5 bytes of data for AT+QMTPUBEX came before its prompt"});
  CHECK(host.findings.all.back().channel == host.world.terminals[0]->asker());
  CHECK(host.findings.all.back().command == "AT+QMTPUBEX=0,1,1,0,\"t\",5");
  host.say("AT+QFUPL=\"f\",4\rdata");
  CHECK(host.findings.seen() ==
        Texts{"data-before-prompt: 4 bytes of data for AT+QFUPL came before its prompt"});
}

TEST_CASE("data-before-prompt: a host that waits for the prompt is left alone [CTL-13]") {
  Host host;
  host.connect();
  host.say("AT+QMTPUBEX=0,1,1,0,\"t\",5\r\n");
  host.say("he");
  host.say("llo");
  host.say("AT+QFUPL=\"f\",4\r");
  host.say("data");
  CHECK(host.end().empty());
}

TEST_CASE("window-overrun: a sixth publish into a full window is found [CTL-13]") {
  Host host;
  host.connect();
  for (int id = 1; id <= 5; ++id) host.publish(id);
  CHECK(host.findings.seen().empty());
  host.say("AT+QMTPUBEX=0,6,1,0,\"t\",2\r");
  CHECK(host.findings.seen() == Texts{"window-overrun: AT+QMTPUBEX with msgID 6 came while five "
                                      "publishes of client 0 waited"});
  CHECK(host.findings.all.back().client == 0);
}

TEST_CASE("window-overrun: a host that waits for room is left alone [CTL-13]") {
  Host host;
  host.connect();
  for (int id = 1; id <= 5; ++id) host.publish(id);
  host.acknowledge(3);
  host.publish(6);
  // qos 0 never counts.
  host.say("AT+QMTPUBEX=0,0,0,0,\"t\",2\r");
  host.say("hi");
  CHECK(host.end().empty());
}

TEST_CASE("command-before-result: a command behind another one is found [CTL-13]") {
  Host host;
  host.say("AT+CSQ\rAT+CREG?\r");
  CHECK(host.findings.seen() ==
        Texts{"command-before-result: AT+CREG was begun before AT+CSQ had its result"});
  // Its beginning is enough.
  host.say("AT+CSQ\rAT+CR");
  host.say("EG?\r");
  CHECK(host.findings.seen() ==
        Texts{"command-before-result: AT+CREG was begun before AT+CSQ had its result"});
}

TEST_CASE("command-before-result: a bare AT counts, and what comes while a command runs [CTL-13]") {
  Modem::Settings settings;
  settings.latency = cellular::Latency::Fixed{100ms};
  Host host({}, settings);
  host.wait(1s);
  host.say("AT+CFUN=4\r");
  host.say("AT\r");
  CHECK(host.findings.seen().empty());
  host.wait(1s);
  CHECK(host.findings.seen() ==
        Texts{"command-before-result: AT was begun before AT+CFUN had its result"});
}

TEST_CASE("command-before-result: a host that waits its turn is left alone [CTL-13]") {
  Host host;
  host.say("AT+CSQ;+CREG?\r\n");
  host.say("\r\n\x1B");
  host.say("AT+CSQ\r\n\r\n");
  host.say("AT+CREG?\r");
  host.say("A/");
  CHECK(host.end().empty());
}

TEST_CASE("command-before-result: an answer that a fault keeps back is waited for [CTL-10]") {
  Findings findings;
  support::FaultyModem modem(&findings.linter);
  modem.set(R"({"name":"f","type":"reply-delay","count":1,"params":{"ms":200}})");
  modem.send("AT+CSQ\r");
  modem.wait(100ms);
  modem.send("AT+CREG?\r");
  CHECK(findings.seen() ==
        Texts{"command-before-result: AT+CREG was begun before AT+CSQ had its result"});
  modem.wait(200ms);
  modem.send("AT+CSQ\r");
  CHECK(findings.seen().empty());
}

TEST_CASE("command-before-result: what a fault keeps from the module counts as sent [CTL-10]") {
  Findings findings;
  support::FaultyModem modem(&findings.linter);
  modem.set(R"({"name":"f","type":"reset","when":{"nth":50},"params":{"at_byte":3}})");
  modem.send("AT+CSQ\rAT+CREG?\r");
  CHECK(findings.seen() ==
        Texts{"command-before-result: AT+CREG was begun before AT+CSQ had its result"});
  modem.send("AT+CSQ\r\n");
  modem.send("AT+CREG?\r");
  CHECK(findings.seen().empty());
}

TEST_CASE("retry-too-early: a command whose answer is lost may be sent after its time [CTL-10]") {
  Findings findings;
  support::FaultyModem modem(&findings.linter);
  modem.set(R"({"name":"f","type":"reply-drop","count":2})");
  modem.send("AT+CSQ\r");
  modem.wait(299ms);
  modem.send("AT+CSQ\r");
  CHECK(findings.seen() == Texts{"retry-too-early: AT+CSQ was sent again after 0.299 s without a "
                                 "result; it may take 0.3 s"});
  modem.wait(300ms);
  modem.send("AT+CSQ\r");
  CHECK(findings.seen().empty());
}

TEST_CASE("retry-too-early: an open, a connect and a publish sent again are found [CTL-13]") {
  Host host;
  host.say("AT+QMTOPEN=0,\"h\",1883\r");
  host.wait(20s);
  host.say("AT+QMTOPEN=0,\"h\",1883\r");
  CHECK(host.findings.seen() == Texts{"retry-too-early: AT+QMTOPEN was sent again after 20.000 s "
                                      "without its URC; it may take 120 s"});
  host.broker(link_event::Opened{mqtt_backend::OpenResult::ok});
  host.say("AT+QMTCONN=0,\"id\"\r");
  host.say("AT+QMTCONN=0,\"id\"\r");
  CHECK(host.findings.seen() == Texts{"retry-too-early: AT+QMTCONN was sent again after 0.000 s "
                                      "without its URC; it may take 15 s"});
  // What was typed there is not shown.
  CHECK(host.findings.all.back().command == "AT+QMTCONN=...");
  host.broker(link_event::ConnAck{0, false});
  host.publish(7);
  host.wait(4s);
  host.say("AT+QMTPUBEX=0,7,1,0,\"t\",2\r");
  CHECK(host.findings.seen() ==
        Texts{"id-reused: AT+QMTPUBEX took msgID 7 of client 0, which was under way",
              "retry-too-early: AT+QMTPUBEX was sent again after 4.000 s without its URC; it may "
              "take 15 s"});
}

TEST_CASE("retry-too-early: a host that has its answers, or waited for them, is left alone") {
  Host host;
  host.say("AT+QMTOPEN=0,\"h\",1883\r");
  host.say("AT+QMTOPEN=1,\"h\",1883\r");
  host.wait(120s);
  host.say("AT+QMTOPEN=0,\"h\",1883\r");
  host.broker(link_event::Opened{mqtt_backend::OpenResult::ok});
  host.say("AT+QMTCONN=0,\"id\"\r");
  host.broker(link_event::ConnAck{0, false});
  host.publish(7);
  host.acknowledge(7);
  host.publish(7);
  CHECK(host.end().empty());
}

TEST_CASE("no-reopen-after-stat: a host that goes on without a link is found [CTL-13]") {
  Host host;
  host.connect();
  host.broker(link_event::Down{mqtt_backend::DownReason::peer_closed, "end of stream"});
  // It may have been on its way.
  host.say("AT+QMTPUBEX=0,1,1,0,\"t\",2\r");
  CHECK(host.findings.seen().empty());
  host.say("AT+QMTPUBEX=0,1,1,0,\"t\",2\r");
  CHECK(host.findings.seen() ==
        Texts{"no-reopen-after-stat: AT+QMTPUBEX came for client 0, which +QMTSTAT: 0,1 had told "
              "to be down and nobody had opened again"});
  host.say("AT+QMTPUBEX=0,1,1,0,\"t\",2\r");
  host.wait(1h);
  CHECK(host.end().empty());
}

TEST_CASE("no-reopen-after-stat: a client that stays down is found at the end [CTL-13]") {
  Host host;
  host.connect();
  host.broker(link_event::Down{mqtt_backend::DownReason::peer_closed, "end of stream"});
  host.wait(29s);
  CHECK(host.end().empty());
  host.wait(1s);
  CHECK(host.end() == Texts{"no-reopen-after-stat: client 0 was not opened again in the 30.0 s "
                            "after +QMTSTAT: 0,1"});
}

TEST_CASE("no-reopen-after-stat: a host that opens again, or cannot, is left alone [CTL-13]") {
  Host host;
  host.connect();
  host.broker(link_event::Down{mqtt_backend::DownReason::peer_closed, "end of stream"});
  host.say("AT+QMTCLOSE=0\r");
  host.say("AT+QMTCFG=\"keepalive\",0,60\r");
  host.connect();
  host.publish(1);
  host.wait(1s);
  host.findings.seen();
  host.say("AT+CFUN=4\r");  // which takes the link down
  host.wait(1h);
  CHECK(host.end().empty());
}

TEST_CASE("messages-never-read: stored messages at the end, and lost ones, are found [CTL-13]") {
  Host host;
  host.say("AT+QMTCFG=\"recv/mode\",0,1\r");
  host.connect();
  host.deliver();
  CHECK(host.end().empty());
  host.wait(1s);
  CHECK(host.end() ==
        Texts{"messages-never-read: client 0 has stored messages that were not read: 1"});
  host.say("AT+QMTRECV=0\r");
  for (int i = 0; i < 5; ++i) host.deliver();
  host.wait(1s);
  host.deliver();
  CHECK(
      host.findings.seen() ==
      Texts{"messages-never-read: client 0 has stored messages that were not read: 5; behind them, "
            "1 found no slot and are lost"});
}

TEST_CASE("messages-never-read: those that a host throws away are found [CTL-13]") {
  Host host;
  host.say("AT+QMTCFG=\"recv/mode\",0,1\r");
  host.connect();
  host.deliver();
  host.wait(2s);
  host.say("AT+QMTDISC=0\r");
  CHECK(host.findings.seen() ==
        Texts{"messages-never-read: client 0 has stored messages that were not read: 1"});
}

TEST_CASE("messages-never-read: a host that reads, even a burst, is left alone [CTL-13]") {
  Host host;
  host.say("AT+QMTCFG=\"recv/mode\",0,1\r");
  host.connect();
  for (int i = 0; i < 7; ++i) host.deliver();
  host.wait(500ms);
  host.say("AT+QMTRECV=0\r");
  host.deliver();
  host.say("AT+QMTRECV=0,0\r");
  host.wait(10s);
  host.deliver();
  host.broker(link_event::Down{mqtt_backend::DownReason::peer_closed, "end of stream"});
  CHECK(host.end().empty());
}

TEST_CASE("id-reused: a msgID that is under way is found [CTL-13]") {
  Host host;
  host.connect();
  host.publish(7);
  host.say("AT+QMTSUB=0,7,\"t\",1\r");
  CHECK(host.findings.seen() ==
        Texts{"id-reused: AT+QMTSUB took msgID 7 of client 0, which was under way"});
}

TEST_CASE("id-reused: a host that takes another msgID is left alone [CTL-13]") {
  Host host;
  host.connect();
  host.publish(7);
  host.publish(8);
  host.acknowledge(7);
  host.publish(7);
  host.say("AT+QMTPUBEX=0,8,0,0,\"t\",2\r");  // of qos 0, where it is but a name
  host.say("hi");
  CHECK(host.end().empty());
}

TEST_CASE("command-during-boot: what comes before RDY is found, once a boot [CTL-13]") {
  Host host({}, slow_boot());
  host.say("AT\r");
  host.say("AT\r");
  CHECK(host.findings.seen() ==
        Texts{"command-during-boot: 3 bytes came while the module was starting, and are lost"});
  host.wait(20s);
  host.say("AT+CFUN=1,1\r");
  host.wait(1s);
  host.say("AT\r");
  CHECK(host.findings.seen() ==
        Texts{"command-during-boot: 3 bytes came while the module was starting, and are lost"});
}

TEST_CASE("command-during-boot: a host that waits for RDY is left alone [CTL-13]") {
  Host host({}, slow_boot());
  host.say("\r\n\x1A");  // ends what may have been begun
  host.wait(3300ms);
  host.say("AT\r");
  host.say("AT+QPOWD\r");
  host.wait(20s);
  host.say("AT\r");  // nobody is there
  CHECK(host.end().empty());
}

TEST_CASE("short-upload: an upload that ends by its time-out is found [CTL-13]") {
  Host host;
  host.say("AT+QFUPL=\"f\",100,1\r");
  host.say("forty bytes of a secret key, and no more");
  host.wait(1s);
  CHECK(host.findings.seen() ==
        Texts{"short-upload: AT+QFUPL announced 100 bytes, and 40 came before its time-out"});
  CHECK(host.findings.all.back().command == "AT+QFUPL=\"f\",100,1");
}

TEST_CASE("short-upload: a whole file, and one that is ended on purpose, are left alone") {
  Host host;
  host.say("AT+QFUPL=\"f\",5\r");
  host.say("hello");
  host.say("AT+QFUPL=\"g\",100\r");
  host.say("hello");
  host.wait(1s);
  host.say("+++");
  host.wait(20s);
  CHECK(host.end().empty());
}

TEST_CASE("a rule that is silenced says nothing, and the others do [CTL-21]") {
  lint::RuleSet silenced;
  silenced.add(lint::Rule::command_before_result);
  Host host(silenced);
  host.say("AT+CSQ\rAT+CREG?\r");
  CHECK(host.findings.seen().empty());
  host.connect();
  host.say("AT+QMTPUBEX=0,1,1,0,\"t\",5\rhello");
  CHECK(host.findings.seen() ==
        Texts{"data-before-prompt: 5 bytes of data for AT+QMTPUBEX came before its prompt"});
}

TEST_CASE("a host that comes back is not blamed for what the former one began") {
  Findings findings;
  support::FaultyModem modem(&findings.linter);
  modem.set(R"({"name":"f","type":"reply-drop","count":1})");
  modem.send("AT+CSQ\r");
  modem.terminal.host_left();
  modem.send("AT+CSQ\r");
  CHECK(findings.seen().empty());
}

TEST_CASE("a rule is found by its id, and an unknown one has a nearest") {
  CHECK(lint::find_rule("id-reused") == lint::Rule::id_reused);
  CHECK_FALSE(lint::find_rule("id_reused"));
  CHECK(lint::nearest_rule("window-overun") == "window-overrun");
  CHECK(lint::nearest_rule("reopen-after-stat") == "no-reopen-after-stat");
}
