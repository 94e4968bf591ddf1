// `eg91xq ctl` against a real modem: what each command does and says, what it refuses, and how it
// ends.
#include "tests/support/control_client.hpp"
#include "tests/support/emulator_process.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using Catch::Contains;
using Catch::StartsWith;
using nlohmann::json;

namespace {

EmulatorProcess::Options with_control(EmulatorProcess::Options more = {"--control", "0"}) {
  more.insert(more.end(), {"--demo-broker", "off"});
  return more;
}

/// The only modem of its runtime directory, so that ctl finds it.
struct OnlyModem {
  OnlyModem() : session(with_control()) {}

  OwnRuntimeDirectory runtime;
  Session session;
};

void refused(const Ran& ran, const std::string& why) {
  CAPTURE(ran.err);
  CHECK(ran.code == 2);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, StartsWith("eg91xq ctl: ") && Contains(why));
  CHECK(ran.err.find('\n') == ran.err.size() - 1);
}

void done(const Ran& ran, const std::string& out) {
  CAPTURE(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.out == out);
}

json as_json(const Ran& ran) {
  CHECK(ran.code == 0);
  return json::parse(ran.out);
}

}  // namespace

TEST_CASE("state shows a modem to people, and all of it as JSON [CTL-19]") {
  OnlyModem modem;
  const auto shown = ctl({"state"});
  CHECK(shown.code == 0);
  CHECK_THAT(shown.out, StartsWith("modem         modem0 EG916Q 8"));
  CHECK_THAT(shown.out, Contains("\npower         on\n"));
  CHECK_THAT(shown.out, Contains("\nregistration  home\n"));
  CHECK_THAT(shown.out, Contains("\nuart1         "));
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

TEST_CASE("fault adds, lists and removes, with every condition [CTL-19]") {
  OnlyModem modem;
  done(ctl({"fault", "list"}), "no faults\n");
  done(ctl({"fault", "add", "f1", "result", "text=BUSY", "--command", "^\\+CSQ", "--count", "1"}),
       "fault f1\n");
  modem.session.host.command("AT+CSQ", "\r\nBUSY\r\n");
  done(ctl({"fault", "list"}),
       "NAME  TYPE    APPLIED  COUNT  PARAMETERS  WHEN\n"
       "f1    result  1        1      text=BUSY   command=^\\+CSQ\n");
  const auto all = as_json(ctl({"fault", "add",     "f2",  "reply-delay",   "ms=700",    "--client",
                                "1",     "--topic", "a/#", "--state",       "connected", "--nth",
                                "2",     "--every", "3",   "--probability", "0.5",       "--from",
                                "1",     "--to",    "2.5", "--count",       "4",         "--seed",
                                "9",     "--json"}));
  CHECK(all.at("when") == json{{"client", 1},
                               {"topic", "a/#"},
                               {"state", "connected"},
                               {"nth", 2},
                               {"every", 3},
                               {"probability", 0.5},
                               {"from", 1.0},
                               {"to", 2.5}});
  CHECK(all.at("params") == json{{"ms", 700}});
  CHECK(all.at("count") == 4);
  CHECK(all.at("seed") == 9);
  CHECK(as_json(ctl({"fault", "list", "--json"})).at("faults").size() == 2);
  done(ctl({"fault", "rm", "f1"}), "");
  CHECK(as_json(ctl({"fault", "list", "--json"})).at("faults").at(0).at("name") == "f2");
  done(ctl({"fault", "rm", "--all"}), "");
  done(ctl({"fault", "list"}), "no faults\n");
  const auto types = ctl({"fault", "types"});
  CHECK_THAT(types.out, Contains("reply-delay: The answer comes later\n    ms: by so much; a "));
  CHECK(as_json(ctl({"fault", "types", "--json"})).contains("types"));
}

TEST_CASE("fault refuses in the server's words [CTL-19]") {
  OnlyModem modem;
  done(ctl({"fault", "add", "f1", "reply-drop", "--nth", "1000"}), "fault f1\n");
  refused(ctl({"fault", "add", "f1", "reply-drop"}), "name: there is a fault of that name already");
  refused(ctl({"fault", "add", "f2", "nonsense"}), "nonsense");
  refused(ctl({"fault", "add", "f2", "reply-delay"}), "params.ms");
  refused(ctl({"fault", "add", "f2", "reply-delay", "ms=x"}), "params.ms");
  refused(ctl({"fault", "add", "f2", "reply-delay", "ms"}), "name=value");
  refused(ctl({"fault", "add", "f2", "reply-delay", "ms=1", "ms=2"}), "twice");
  refused(ctl({"fault", "add", "f2", "reply-drop", "--command", "("}), "when.command");
  refused(ctl({"fault", "add", "F2", "reply-drop"}), "name");
  refused(ctl({"fault", "add", "f2"}), "TYPE");
  refused(ctl({"fault", "rm"}), "--all");
  refused(ctl({"fault", "rm", "f1", "--all"}), "--all");
  refused(ctl({"fault", "rm", "f9"}), "no fault f9");
  refused(ctl({"fault"}), "subcommand");
}

TEST_CASE("fault load sets all of a file or none [CTL-19]") {
  OnlyModem modem;
  ScratchDirectory scratch;
  std::ofstream(scratch.file("good"))
      << R"([{"name":"a","type":"reply-drop","when":{"nth":99}},{"type":"flash-full"}])";
  done(ctl({"fault", "load", scratch.file("good")}), "fault a\nfault fault2\n");
  done(ctl({"fault", "rm", "--all"}), "");
  std::ofstream(scratch.file("half"))
      << R"([{"name":"a","type":"reply-drop","when":{"nth":99}},{"type":"flash-empty"}])";
  refused(ctl({"fault", "load", scratch.file("half")}), "fault 2: type");
  done(ctl({"fault", "list"}), "no faults\n");
  std::ofstream(scratch.file("text")) << "drop everything";
  refused(ctl({"fault", "load", scratch.file("text")}), "no JSON list");
  refused(ctl({"fault", "load", scratch.file("none")}), "cannot be read");
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
  done(ctl({"channel", "rm", "page"}), "");
  refused(ctl({"channel", "rm", "page"}), "there is no channel page");
}

TEST_CASE("journal shows events as lines, chosen by kind, number and limit [CTL-19]") {
  OnlyModem modem;
  modem.session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  const auto commands = ctl({"journal", "--kind", "command"});
  CHECK(commands.code == 0);
  CHECK_THAT(commands.out, Contains("  command  uart1: +CSQ\n"));
  const auto page = as_json(ctl({"journal", "--json", "--limit", "2", "--kind", "command,result"}));
  REQUIRE(page.at("events").size() == 2);
  CHECK(page.at("events").at(1).at("kind") == "result");
  const auto next = std::to_string(page.at("next").get<int>());
  CHECK(as_json(ctl({"journal", "--json", "--since", next})).at("events").at(0).at("seq") >
        page.at("events").at(1).at("seq"));
  refused(ctl({"journal", "--kind", "gossip"}), "gossip");
  refused(ctl({"journal", "--limit", "0"}), "limit");
  refused(ctl({"journal", "--since", "-1"}), "since must be");
  refused(ctl({"journal", "-f", "--limit", "1"}), "--limit");
}

TEST_CASE("journal -f shows what comes until SIGINT, which is 0 [CTL-19]") {
  OnlyModem modem;
  Program follower(ctl_words({"journal", "-f", "--kind", "command", "--since", "0"}));
  modem.session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  CHECK(follower.wait_for_out("uart1: +CSQ"));
  Program raw(ctl_words({"journal", "--follow", "--json", "--since", "0"}));
  CHECK(raw.wait_for_out("\n"));
  CHECK(json::parse(raw.out().substr(0, raw.out().find('\n'))).at("seq") == 1);
  follower.signal(SIGINT);
  CHECK(follower.end() == 0);
}

TEST_CASE("journal -f ends with 2 when its modem dies [CTL-19]") {
  OnlyModem modem;
  Program killed(ctl_words({"journal", "-f", "--since", "0"}));
  Program ended(ctl_words({"journal", "-f", "--since", "0"}));
  CHECK(killed.wait_for_out("RDY"));
  CHECK(ended.wait_for_out("RDY"));
  killed.signal(SIGSTOP);
  CHECK(modem.session.emulator.program().terminate() == 0);
  CHECK(ended.end() == 2);
  CHECK_THAT(ended.err(), Contains("the modem has ended"));
  killed.signal(SIGCONT);
  CHECK(killed.end() == 2);
}

TEST_CASE("a reader of the journal that leaves is no error, a full disk is one [CTL-19]") {
  OnlyModem modem;
  const auto shell = [](const std::string& line) {
    Program program({"sh", "-c", fmt::format(fmt::runtime(line), EG91XQ_BINARY)});
    program.end();
    return program.out() + program.err();
  };
  CHECK(shell("{{ {} ctl journal -f --since 0; echo $? >&2; }} | :") == "0\n");
  CHECK(shell("{{ {} ctl state; echo $? >&2; }} | :") == "0\n");
  CHECK_THAT(shell("{} ctl state > /dev/full; echo $?"),
             Contains("2\n") && Contains("cannot write to standard output: No space left"));
}

TEST_CASE("expect: 0 with the events, 1 with what is missing and the nearest [CTL-19]") {
  OnlyModem modem;
  const auto came = ctl({"expect", "urc:line=^RDY", "--since", "0"});
  CHECK(came.code == 0);
  CHECK_THAT(came.out, StartsWith("as expected: events "));
  const auto in_order = as_json(ctl({"expect", "urc:line=^RDY,channel=uart1", "urc:line=PB DONE",
                                     "--ordered", "--since", "0", "--json"}));
  CHECK(in_order.at("matched").size() == 2);
  CHECK(ctl({"expect", "urc:line=PB DONE", "urc:line=^RDY", "--ordered", "--since", "0", "--within",
             "0.01"})
            .code == 1);
  const auto missed = ctl({"expect", "urc:line=^ready\\, or not", "--since", "0", "--within", "0"});
  CHECK(missed.code == 1);
  CHECK_THAT(missed.out, StartsWith("missing: urc:line=^ready, or not\nnearest: event "));
  CHECK(missed.err.empty());
  const auto as_is = ctl({"expect", "urc:line=never", "--within", "0", "--json"});
  CHECK(as_is.code == 1);
  CHECK(json::parse(as_is.out).at("missing").size() == 1);
  CHECK(ctl({"expect", "urc", "--since", "0", "--count-min", "3", "--count-max", "3", "--within",
             "0"})
            .code == 1);
  done(ctl({"expect", "--none", "lint", "--none", "stat:code==1", "--within", "0"}),
       "as expected\n");
  CHECK(ctl({"expect", "--none", "urc:line=^RDY", "--since", "0", "--within", "0"}).code == 1);
}

TEST_CASE("expect waits for what comes later [CTL-19]") {
  OnlyModem modem;
  Program waiting(ctl_words({"expect", "command:line=CSQ", "--within", "60"}));
  while (!waiting.end(std::chrono::milliseconds(10)))
    modem.session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  CHECK(waiting.end() == 0);
}

TEST_CASE("expect ends with 2 when its modem dies [CTL-19]") {
  OnlyModem modem;
  Program waiting(ctl_words({"expect", "urc:line=never", "--within", "60"}));
  CHECK(ctl({"expect", "urc:line=never", "--within", "0.2"}).code == 1);
  CHECK(modem.session.emulator.program().terminate() == 0);
  CHECK(waiting.end() == 2);
}

TEST_CASE("expect refuses what it cannot look for [CTL-19]") {
  OnlyModem modem;
  refused(ctl({"expect"}), "--none");
  refused(ctl({"expect", "gossip:line=x"}), "kind");
  refused(ctl({"expect", "urc:line"}), "KIND:member=PATTERN");
  refused(ctl({"expect", "urc:line=a,line=b"}), "twice");
  refused(ctl({"expect", "urc:line=("}), "all[0]");
  refused(ctl({"expect", "stat:code==x"}), "number");
  refused(ctl({"expect", "urc", "stat", "--count-min", "2"}), "count");
  refused(ctl({"expect", "urc", "--within", "soon"}), "--within");
}

TEST_CASE("health and openapi [CTL-19]") {
  OnlyModem modem;
  done(ctl({"health"}), "ready\n");
  CHECK(as_json(ctl({"health", "--json"})) == json{{"ready", true}});
  CHECK(as_json(ctl({"openapi"})).at("openapi") == "3.1.0");
}

TEST_CASE("what is no command, and help [CTL-19]") {
  refused(ctl({"frobnicate"}), "frobnicate: there is no such command");
  refused(ctl({}), "--help");
  refused(ctl({"--jsno", "state"}), "did you mean --json?");
  CHECK_THAT(ctl({"--help"}).out, Contains("journal") && Contains("--ready-file"));
  CHECK_THAT(ctl({"fault", "add", "--help"}).out, Contains("--probability"));
}

TEST_CASE("ctl finds the only modem, and says when there is none or several [CTL-19]") {
  OwnRuntimeDirectory runtime;
  refused(ctl({"state"}), "no modem with --control is running");
  EmulatorProcess first(with_control());
  EmulatorProcess without({"--demo-broker", "off"});
  done(ctl({"health"}), "ready\n");
  {
    EmulatorProcess second(with_control());
    refused(ctl({"state"}), "2 modems are running");
    const auto listed = ctl({"state"}).err;
    for (const auto* modem : {&first, &second})
      CHECK_THAT(listed, Contains(fmt::format("{} (pid {})",
                                              modem->ready().at("control").get<std::string>(),
                                              modem->pid())));
    done(ctl({"health", "--ready-file", second.ready_file()}), "ready\n");
    done(ctl({"health", "--at", first.ready().at("control")}), "ready\n");
    done(ctl({"health"}, {{"MODEM_CONTROL", first.ready().at("control")}}), "ready\n");
    refused(ctl({"health", "--ready-file", without.ready_file()}), "without --control");
    refused(ctl({"health", "--ready-file", second.ready_file(), "--at", "unix:/x"}), "--at");
  }
  done(ctl({"health"}), "ready\n");
}

TEST_CASE("a modem that was killed is not found any more, its registration goes [CTL-19]") {
  OwnRuntimeDirectory runtime;
  const auto place = runtime.path() + "eg91xq";
  {
    EmulatorProcess killed(with_control());
    struct stat found {};
    REQUIRE(::stat(place.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777U) == 0700);
    killed.kill();
    CHECK(!std::filesystem::is_empty(place));
  }
  refused(ctl({"health"}), "no modem");
  CHECK(std::filesystem::is_empty(place));
  EmulatorProcess ended(with_control());
  CHECK(ended.program().terminate() == 0);
  CHECK(std::filesystem::is_empty(place));
}

TEST_CASE("a directory that others may write to registers nobody [CTL-19]") {
  OwnRuntimeDirectory runtime;
  const auto place = runtime.path() + "eg91xq";
  std::filesystem::create_directory(place);
  std::filesystem::permissions(place, std::filesystem::perms::all);
  EmulatorProcess modem(with_control());
  CHECK(modem.program().wait_for_err("no directory of this user alone"));
  CHECK(std::filesystem::is_empty(place));
  std::ofstream(place + fmt::format("/{}.json", modem.pid()))
      << json{{"control", modem.ready().at("control")}};
  refused(ctl({"health"}), "no modem");
}

TEST_CASE("the command behind -- talks to its modem [CTL-19]") {
  OwnRuntimeDirectory runtime;
  EmulatorProcess other(with_control());
  Program with_command({EG91XQ_BINARY, "--demo-broker", "off", "--control", "0", "--",
                        EG91XQ_BINARY, "ctl", "health"});
  CHECK(with_command.end() == 0);
  CHECK(with_command.out() == "ready\n");
}

TEST_CASE("a token and a local socket [CTL-19]") {
  OwnRuntimeDirectory runtime;
  ScratchDirectory scratch;
  std::ofstream(scratch.file("token")) << "s3cret\n";
  std::ofstream(scratch.file("wrong")) << "guess\n";
  std::ofstream(scratch.file("empty")) << "\n";
  EmulatorProcess modem(with_control(
      {"--control", "unix:" + scratch.file("socket"), "--control-token", scratch.file("token")}));
  refused(ctl({"health"}), "Authorization");
  done(ctl({"health", "--token", scratch.file("token")}), "ready\n");
  done(ctl({"health"}, {{"MODEM_CONTROL_TOKEN", scratch.file("token")}}), "ready\n");
  done(ctl({"health", "--at", "unix:" + scratch.file("socket"), "--token", scratch.file("token")}),
       "ready\n");
  refused(ctl({"health", "--token", scratch.file("wrong")}), "token");
  refused(ctl({"health", "--token", scratch.file("empty")}), "first line");
  refused(ctl({"health", "--token", scratch.file("none")}), "first line");
}

TEST_CASE("what is not there, or is no modem, is one line and exit code 2 [CTL-19]") {
  OwnRuntimeDirectory runtime;
  ScratchDirectory scratch;
  refused(ctl({"health", "--at", "http://127.0.0.1:1"}), "Connection refused");
  refused(ctl({"health", "--at", "unix:" + scratch.file("none")}), "No such file");
  refused(ctl({"health", "--at", "http://no.such.name.invalid:80"}), "no.such.name.invalid");
  for (const auto* address : {"nowhere", "http://", "http://5000", "https://127.0.0.1:1", "unix:"})
    refused(ctl({"health", "--at", address}), "give it as");
  refused(ctl({"health"}, {{"MODEM_CONTROL", "nowhere"}}), "MODEM_CONTROL nowhere: give it as");
  refused(ctl({"health", "--ready-file", scratch.file("none")}), "cannot be read");
  std::ofstream(scratch.file("text")) << "ready";
  refused(ctl({"health", "--ready-file", scratch.file("text")}), "no ready file");
}

TEST_CASE("a server that says nothing is told of, then given up [CTL-19]") {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::listen(listener, 1) == 0);
  REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  Program waiting(
      ctl_words({"health", "--at", fmt::format("http://127.0.0.1:{}", ntohs(address.sin_port))}));
  CHECK(waiting.wait_for_err("waiting for http://127.0.0.1:", std::chrono::seconds(2)));
  CHECK(waiting.end(std::chrono::seconds(20)) == 2);
  CHECK_THAT(waiting.err(), Contains("does not answer"));
  ::close(listener);
}

TEST_CASE("bash completes commands, options, values and files [CTL-19]") {
  ScratchDirectory scratch;
  std::ofstream(scratch.file("bash")) << ctl({"completion", "bash"}).out;
  const auto completed = [&](const std::string& words) {
    Program bash({"bash", "-c",
                  fmt::format("source {}; COMP_WORDS=({}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); "
                              "_eg91xq_ctl; echo \"${{COMPREPLY[@]}}\"",
                              scratch.file("bash"), words)});
    CHECK(bash.end() == 0);
    CHECK(bash.err().empty());
    return bash.out();
  };
  CHECK(completed("eg91xq c") == "ctl\n");
  CHECK(completed("eg91xq --port ''") == "\n");
  CHECK(completed("eg91xq ctl fau") == "fault\n");
  CHECK(completed("eg91xq ctl --json fault l") == "list load\n");
  CHECK(completed("eg91xq ctl fault add f1 reply-d") == "reply-delay reply-drop\n");
  CHECK(completed("eg91xq ctl urc --when in") == "inside-reply in-prompt\n");
  CHECK(completed("eg91xq ctl power re") == "reset\n");
  CHECK(completed("eg91xq ctl expect --cou") == "--count-min --count-max\n");
  CHECK(completed("eg91xq ctl --ready-file " + scratch.file("ba")) == scratch.file("bash") + "\n");
  CHECK_THAT(ctl({"completion", "zsh"}).out, StartsWith("#compdef eg91xq\n"));
  CHECK_THAT(ctl({"completion", "fish"}).out, Contains("-l probability -x"));
  refused(ctl({"completion", "tcsh"}), "tcsh");
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
  refused(ctl({"time", "advance", "soon"}), "until must be one of idle");
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
  refused(ctl({"snapshot", "load", scratch.file("no.json")}), "is no JSON");
  refused(ctl({"snapshot"}), "subcommand");
}
