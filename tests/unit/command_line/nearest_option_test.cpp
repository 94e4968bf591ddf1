// Which option a word with a slip in it means.
#include "command_line/nearest_option.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

using namespace command_line;

namespace {

/// What is said to these words by a program with three options.
std::string said_to(std::vector<std::string> words) {
  CLI::App app;
  std::string value;
  bool flag = false;
  app.add_option("--port", value);
  app.add_option("--broker-host", value);
  app.add_flag("-q,--quiet", flag);
  std::reverse(words.begin(), words.end());
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return complaint(app, error);
  }
  return "nothing";
}

}  // namespace

TEST_CASE("words are apart by letters added, left out, replaced or exchanged with a neighbour") {
  CHECK(distance("port", "port") == 0);
  CHECK(distance("prot", "port") == 1);
  CHECK(distance("por", "port") == 1);
  CHECK(distance("sport", "port") == 1);
  CHECK(distance("pork", "port") == 1);
  CHECK(distance("", "port") == 4);
  CHECK(distance("host", "port") == 2);
}

TEST_CASE("an unknown option is named with the one that is meant") {
  CHECK(said_to({"--prot", "x"}) == "--prot: unknown option; did you mean --port?");
  CHECK(said_to({"--prot=x"}) == "--prot: unknown option; did you mean --port?");
  CHECK(said_to({"--port", "x", "--quite"}) == "--quite: unknown option; did you mean --quiet?");
  CHECK(said_to({"--brokerhost", "x"}) ==
        "--brokerhost: unknown option; did you mean --broker-host?");
  CHECK(said_to({"--broker", "x"}) == "--broker: unknown option; did you mean --broker-host?");
  CHECK(said_to({"-port", "x"}) == "-port: unknown option; did you mean --port?");
}

TEST_CASE("options of a command that was given are meant, too, those of another are not") {
  CLI::App app;
  std::string value;
  app.fallthrough();
  app.add_option("--at", value);
  app.add_subcommand("say")->add_option("--when", value);
  app.add_subcommand("show")->add_option("--entire", value);
  const auto said = [&](const std::string& option) -> std::string {
    std::vector<std::string> reversed{"now", option, "say"};
    try {
      app.parse(reversed);
    } catch (const CLI::ParseError& error) {
      return complaint(app, error);
    }
    return "nothing";
  };
  CHECK(said("--wehn") == "--wehn: unknown option; did you mean --when?");
  CHECK(said("--entrie") == "--entrie: unknown option");
}

TEST_CASE("what is like no option is only called unknown, and other mistakes keep their words") {
  CHECK(said_to({"--nonsense"}) == "--nonsense: unknown option");
  CHECK(said_to({"-z"}) == "-z: unknown option");
  CHECK(said_to({"word"}).find("word") != std::string::npos);
  CHECK(said_to({"word"}).find("unknown option") == std::string::npos);
  CHECK(said_to({"--port"}).find("--port") != std::string::npos);
}
