// `eg91xq ctl` as a program: help, completion, and what is asked of the program itself.
#include "tests/support/ctl_bench.hpp"

#include <fstream>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

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
  CHECK(completed("eg91xq fo") == "fota-package\n");
  CHECK(completed("eg91xq fota-package --rev") == "--revision\n");
  CHECK(completed("eg91xq fota-package --output " + scratch.file("ba")) ==
        scratch.file("bash") + "\n");
  CHECK_THAT(ctl({"completion", "zsh"}).out, StartsWith("#compdef eg91xq\n"));
  CHECK_THAT(ctl({"completion", "fish"}).out, Contains("-l probability -x"));
  refused(ctl({"completion", "tcsh"}), "tcsh");
}
