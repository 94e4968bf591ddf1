// What the programs print for shells, as the shells take it.
#include "tests/support/ctl_bench.hpp"
#include "tests/support/places.hpp"

#include <fstream>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

std::string printed(const std::string& program, const std::string& shell) {
  Program asked({program, "--completion", shell});
  CHECK(asked.end() == 0);
  return asked.out();
}

std::string of_shell(std::vector<std::string> command) {
  Program shell(std::move(command));
  CHECK(shell.end() == 0);
  CHECK(shell.err().empty());
  return shell.out();
}

}  // namespace

TEST_CASE("bash completes commands, options, values and files [CTL-19]") {
  ScratchDirectory scratch;
  const auto script = scratch.file("bash");
  std::ofstream(script) << printed(binary(), "bash");
  const auto completed = [&](const std::string& words) {
    return of_shell(
        {"bash", "-c",
         fmt::format("source {}; COMP_WORDS=({}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); "
                     "_eg91xq; echo \"${{COMPREPLY[@]}}\"",
                     script, words)});
  };
  CHECK(completed("eg91xq c") == "ctl\n");
  CHECK(completed("eg91xq d") == "doctor\n");
  CHECK(completed("eg91xq fo") == "fota-package\n");
  CHECK(completed("eg91xq --port ''") == "\n");
  CHECK(completed("eg91xq --model EG91") == "EG916Q EG915Q\n");
  CHECK(completed("eg91xq --model EG915Q --ready") == "--ready-file\n");
  CHECK(completed("eg91xq --trace " + scratch.file("ba")) == script + "\n");
  CHECK(completed("eg91xq -- fo") == "\n");
  CHECK(completed("eg91xq doctor --state") == "--state-dir\n");
  CHECK(completed("eg91xq ctl fau") == "fault\n");
  CHECK(completed("eg91xq ctl --json fault l") == "list load\n");
  CHECK(completed("eg91xq ctl fault add f1 reply-d") == "reply-delay reply-drop\n");
  CHECK(completed("eg91xq ctl urc --when in") == "inside-reply in-prompt\n");
  CHECK(completed("eg91xq ctl power re") == "reset\n");
  CHECK(completed("eg91xq ctl expect --cou") == "--count-min --count-max\n");
  CHECK(completed("eg91xq ctl --ready-file " + scratch.file("ba")) == script + "\n");
  CHECK(completed("eg91xq fota-package --rev") == "--revision\n");
  CHECK(completed("eg91xq fota-package --output " + scratch.file("ba")) == script + "\n");
}

TEST_CASE("zsh and fish take the scripts of each program") {
  const auto folder = binary().substr(0, binary().rfind('/'));
  ScratchDirectory scratch;
  for (const std::string name : {"eg91xq", "eg91xq-storm", "eg91xq-conformance"}) {
    INFO(name);
    for (const std::string shell : {"bash", "zsh", "fish"}) {
      const auto script = scratch.file(name + "." + shell);
      std::ofstream(script) << printed(folder + "/" + name, shell);
      of_shell({shell, "-n", script});
    }
  }
  const auto in_fish = [&](const std::string& line) {
    return of_shell(
        {"fish", "-c",
         fmt::format("source {}; complete -C '{}'", scratch.file("eg91xq.fish"), line)});
  };
  CHECK(in_fish("eg91xq ctl fault lo") == "load\tSets the faults of a file, all or none\n");
  CHECK(in_fish("eg91xq --model EG8") == "EG800Q\tWhich module to play\n");
  CHECK(in_fish("eg91xq doc") == "doctor\tCheck what this machine lacks for a modem\n");
}

TEST_CASE("a shell that there is no script for is refused") {
  Program asked({binary(), "--completion", "tcsh"});
  CHECK(asked.end() == 2);
  CHECK(asked.err() == "eg91xq: --completion: tcsh not in {bash,zsh,fish}\n");
}
