// `eg91xq ctl` looks at a modem and changes it: state, urc, power, set, scenario, sms, inject,
// send, channel, time, snapshot.
#include "tests/support/ctl_bench.hpp"
#include "tests/support/far_end.hpp"

#include <fstream>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

TEST_CASE("state shows a modem to people, and all of it as JSON [CTL-19]") {
  OnlyModem modem;
  const auto shown = ctl({"state"});
  CHECK(shown.code == 0);
  CHECK_THAT(shown.out, StartsWith("modem         modem0 EG916Q 8"));
  CHECK_THAT(shown.out, Contains("\npower         on\n"));
  CHECK_THAT(shown.out, Contains("\nregistration  home\n"));
  CHECK_THAT(shown.out, Contains("\nuart1         "));
  const FarEnd far;
  modem.session.host.send(
      fmt::format("AT+QIACT=1;+QIOPEN=1,0,\"TCP\",\"127.0.0.1\",{},0,0\r", far.port()));
  modem.session.host.read_until("+QIOPEN: 0,0\r\n");
  CHECK_THAT(ctl({"state"}).out,
             Contains(fmt::format("\nsocket 0      TCP connected 127.0.0.1:{}, buffer, 0 unread, 0 "
                                  "not acknowledged\n",
                                  far.port())));
  const auto state = as_json(ctl({"state", "--json"}));
  CHECK(state.at("name") == "modem0");
  CHECK(state.at("clients").size() == 6);
  CHECK(as_json(ctl({"--json", "--modem", "modem0", "state"})).at("name") == "modem0");
  refused(ctl({"state", "--modem", "modem7"}), "modem7");
  refused(ctl({"state", "--modem", "../health"}), "modem");
}

TEST_CASE("urc puts a line where it is told [CTL-19]") {
  OnlyModem modem;
  const auto said = ctl({"urc", "+QIND: \"X\""});
  CHECK(said.code == 0);
  CHECK_THAT(said.out, StartsWith("event "));
  CHECK(modem.session.host.read_until("X\"\r\n") == "\r\n+QIND: \"X\"\r\n");
  CHECK(as_json(ctl({"urc", "+GLUE", "--when", "glued-to-result", "--json"})).at("seq") > 0);
  modem.session.host.send("AT\r");
  CHECK(modem.session.host.read_until("GLUE\r\n") == "\r\nOK\r\n+GLUE\r\n");
  CHECK(ctl({"urc", "--bytes-base64", "YWJj", "--channel", "uart1"}).code == 0);
  CHECK(modem.session.host.read_until("abc") == "abc");
}

TEST_CASE("urc refuses what is no place, no channel, or nothing [CTL-19]") {
  OnlyModem modem;
  refused(ctl({"urc"}), "either a LINE or --bytes-base64");
  refused(ctl({"urc", "X", "--bytes-base64", "YWJj"}), "either a LINE or --bytes-base64");
  refused(ctl({"urc", "X", "--when", "soon"}), "soon");
  refused(ctl({"urc", "X", "--channel", "uart9"}), "uart9");
  refused(ctl({"urc", "--bytes-base64", "%"}), "bytes_base64");
  refused(ctl({"urc", "X", "--n", "-1"}), "n must be");
  refused(ctl({"urc", "X", "--wehn", "now"}), "did you mean --when?");
}

TEST_CASE("power and set change the modem [CTL-19]") {
  OnlyModem modem;
  done(ctl({"power", "off"}), "power off\n");
  CHECK(as_json(ctl({"power", "on", "--json"})).at("power") == "on");
  CHECK(modem.session.host.read_until("PB DONE\r\n") == boot_text);
  done(ctl({"power", "key", "--hold-ms", "10"}), "power on\n");
  refused(ctl({"power", "explode"}), "explode");
  refused(ctl({"power"}), "ACTION");
  refused(ctl({"power", "key", "--hold-ms", "60001"}), "hold_ms");
  done(ctl({"set", "signal.rsrp=-118", "signal.rsrq=-15", "operator.name=Lab"}),
       "signal.rsrp=-118\nsignal.rsrq=-15\noperator.name=Lab\n");
  const auto state = as_json(ctl({"state", "--json"}));
  CHECK(state.at("signal").at("rsrp") == -118);
  CHECK(as_json(ctl({"set", "service=none", "--json"})).at("service") == "none");
  done(ctl({"set", "deactivate=[1]"}), "");
  refused(ctl({"set", "signal.rsrp=5"}), "signal.rsrp must be -140 to -44");
  refused(ctl({"set", "colour=red"}), "colour");
  refused(ctl({"set", "signal.rsrp=-118", "signal.rsrp=-100"}), "twice");
  refused(ctl({"set", "signal.rsrp=-118", "signal=1"}), "twice");
  refused(ctl({"set", "signal..rsrp=-118"}), "dots");
  refused(ctl({"set", "service"}), "name=value");
  refused(ctl({"set"}), "PATH=VALUE");
}

TEST_CASE(
    "sms, inject, send and channel bring what a test wants to come [CTL-17, CTL-19, CTL-22]") {
  OnlyModem modem;
  modem.session.host.send("AT+CNMI=2,1\r");
  CHECK(modem.session.host.read_until("OK\r\n") == "\r\nOK\r\n");
  done(ctl({"sms", "+15550100", "hello"}), "");
  CHECK(modem.session.host.read_until("0\r\n") == "\r\n+CMTI: \"ME\",0\r\n");
  refused(ctl({"sms", "nobody", "hello"}), "from");
  refused(ctl({"inject", "a", "hi"}), "client 0 is not connected");
  refused(ctl({"inject", "a", "hi", "--qos", "3"}), "--qos");
  done(ctl({"channel", "add", "page"}), "channel page\n");
  refused(ctl({"channel", "add", "page"}), "there is a channel page already");
  CHECK_THAT(ctl({"send", "AT+CSQ", "--channel", "page"}).out, StartsWith("event "));
  CHECK(ctl({"expect", "result:channel=page,command=CSQ", "--since", "0"}).code == 0);
  refused(ctl({"send", "AT", "--channel", "uart1"}), "a host holds channel uart1");
  CHECK_THAT(ctl({"send", "--bytes", R"(AT+C\x47SN\r)", "--channel", "page"}).out,
             StartsWith("event "));
  CHECK(ctl({"expect", "result:channel=page,command=CGSN", "--since", "0"}).code == 0);
  refused(ctl({"send", "--bytes", R"(\q)", "--channel", "page"}), "no such escape");
  refused(ctl({"send", "--bytes", R"(\x4)", "--channel", "page"}), "no such escape");
  refused(ctl({"send", "--bytes", "a", "AT", "--channel", "page"}), "excludes");
  refused(ctl({"send", "--channel", "page"}), "LINE or --bytes");
  done(ctl({"channel", "rm", "page"}), "");
  refused(ctl({"channel", "rm", "page"}), "there is no channel page");
}

TEST_CASE("time shows the clock and changes it [CTL-16] [CTL-19]") {
  OnlyModem modem;
  CHECK_THAT(ctl({"time"}).out, Contains(" s, scale 1.0\n"));
  refused(ctl({"time", "advance", "60"}), "pause it before");
  CHECK_THAT(ctl({"time", "pause"}).out, Contains(" s, scale 1.0, paused\n"));
  const auto before = as_json(ctl({"time", "--json"})).at("now").get<double>();
  const auto after = as_json(ctl({"time", "advance", "60", "--json"})).at("now").get<double>();
  CHECK(after == Approx(before + 60).margin(1e-6));
  CHECK_THAT(ctl({"time", "advance", "idle"}).out, Contains(", paused\n"));
  refused(ctl({"time", "advance", "soon"}), "soon: must be a number of seconds, or idle");
  refused(ctl({"time", "advance", "nan"}), "nan: must be a number of seconds, or idle");
  refused(ctl({"time", "scale", "0"}), "scale must be a number from 0.1 to 1000");
  refused(ctl({"time", "stop"}), "stop");
  CHECK_THAT(ctl({"time", "scale", "10"}).out, Contains(", scale 10.0, paused\n"));
  CHECK_THAT(ctl({"time", "skip"}).out, Contains(", scale 10.0, paused, skips\n"));
  CHECK_THAT(ctl({"time", "go"}).out, Contains(", scale 10.0, skips\n"));
  CHECK_THAT(ctl({"state"}).out, Contains(", scale 10.0, skips\n"));
  CHECK_THAT(ctl({"time", "no-skip"}).out, Contains(", scale 10.0\n"));
  CHECK_THAT(ctl({"journal", "--kind", "time"}).out, Contains("what=skips no more"));
}

TEST_CASE("snapshot saves a modem at rest into a file, and loads it [CTL-19]") {
  OnlyModem modem;
  const ScratchDirectory scratch;
  const auto file = scratch.file("ready.json");
  auto& host = modem.session.host;
  host.command("AT+QMTCFG=\"keepalive\",0,60", "\r\nOK\r\n");
  done(ctl({"snapshot", "save", file}), "");
  host.command("AT+QMTCFG=\"keepalive\",0,90", "\r\nOK\r\n");
  done(ctl({"snapshot", "load", file}), "");
  host.command("AT+QMTCFG=\"keepalive\",0", "\r\n+QMTCFG: \"keepalive\",60\r\n\r\nOK\r\n");
  host.send("AT+QFUPL=\"x\",5\r");
  host.read_until("CONNECT\r\n");
  refused(ctl({"snapshot", "save", file}), "a prompt is open on channel uart1");
  refused(ctl({"snapshot", "load", scratch.file("none")}), "cannot be read");
  std::ofstream(scratch.file("no.json")) << "{";
  refused(ctl({"snapshot", "load", scratch.file("no.json")}), "is not JSON: line 1, column ");
  refused(ctl({"snapshot"}), "subcommand");
}

TEST_CASE("set plans changes of later, and scenario puts another plan in their place [CTL-19]") {
  OnlyModem modem;
  done(ctl({"set", "--at-time", "1e6", "signal.rsrp=-118"}), "planned for 1000000.0 s\n");
  CHECK_THAT(ctl({"set", "--after", "5000", "zone=4"}).out,
             StartsWith("planned for 50") && Contains(" s\n"));
  CHECK_THAT(ctl({"state"}).out, Contains("at 1000000.0 s: signal={\"rsrp\":-118}\n"));
  refused(ctl({"set", "--at-time", "0", "zone=4"}), "at must not be past");
  refused(ctl({"set", "--at-time", "1", "--after", "1", "zone=4"}), "--at-time");
  ScratchDirectory scratch;
  std::ofstream(scratch.file("good"))
      << R"({"signal":{"rsrp":-99},"events":[{"at":1e6,"zone":8}]})";
  std::ofstream(scratch.file("wrong")) << R"({"events":[{"at":1},{"at":2,"zone":99}]})";
  std::ofstream(scratch.file("text")) << "a storm";
  done(ctl({"scenario", scratch.file("good")}), "1 planned, 2 dropped\n");
  CHECK(as_json(ctl({"state", "--json"})).at("signal").at("rsrp") == -99);
  refused(ctl({"scenario", scratch.file("wrong")}), "events[1].zone must be -48 to 56");
  refused(ctl({"scenario", scratch.file("text")}), "is not JSON: line 1, column ");
  refused(ctl({"scenario", scratch.file("none")}), "cannot be read");
  refused(ctl({"scenario"}), "FILE or --none");
  done(ctl({"scenario", "--none"}), "1 dropped\n");
  CHECK(as_json(ctl({"state", "--json"})).at("signal").at("rsrp") == -99);
}
