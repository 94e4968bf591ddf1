// `eg91xq ctl fault`: adds, lists, removes and loads faults.
#include "tests/support/ctl_bench.hpp"

#include <fstream>
#include <string>

#include <catch2/catch.hpp>

using namespace support;

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
                                "2",     "--every", "1",   "--probability", "0.5",       "--from",
                                "1",     "--to",    "2.5", "--count",       "4",         "--seed",
                                "9",     "--json"}));
  CHECK(all.at("when") == json{{"client", 1},
                               {"topic", "a/#"},
                               {"state", "connected"},
                               {"nth", 2},
                               {"every", 1},
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
  refused(ctl({"fault", "load", scratch.file("text")}), "is not JSON: line 1, column ");
  refused(ctl({"fault", "load", scratch.file("none")}), "cannot be read");
  std::ofstream(scratch.file("one")) << R"({"name":"a","type":"reply-drop"})";
  CHECK(ctl({"fault", "load", scratch.file("one")}).code == 0);
}
