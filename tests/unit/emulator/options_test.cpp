#include "emulator/options.hpp"

#include "tests/support/places.hpp"
#include "tests/support/program.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using cellular::Latency;
using emulator::EarlyExit;
using emulator::Options;
using emulator::parse_options;

namespace {

std::variant<Options, EarlyExit> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "eg91xq");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

std::string refusal(const std::vector<const char*>& arguments) {
  const auto result = parse(arguments);
  const auto* exit = std::get_if<EarlyExit>(&result);
  return exit != nullptr && exit->code == 2 ? exit->text : "not refused";
}

void refuses(const std::vector<const char*>& arguments) {
  const auto result = parse(arguments);
  REQUIRE(std::holds_alternative<EarlyExit>(result));
  const auto& exit = std::get<EarlyExit>(result);
  CAPTURE(exit.text);
  CHECK(exit.code == 2);
  CHECK(exit.text.find('\n') == exit.text.size() - 1);
}

}  // namespace

TEST_CASE("without options there is a pseudo-terminal, a demo broker and typical latency") {
  const auto options = std::get<Options>(parse({}));
  CHECK(options.ports == std::vector<std::string>{"pty"});
  CHECK(options.model->model == "EG916Q");
  CHECK(options.demo_broker == "auto");
  CHECK(options.has_demo_services());
  CHECK_FALSE(options.power_at_start);
  CHECK(std::holds_alternative<Latency::Typical>(options.latency));
  CHECK(options.command.empty());
}

TEST_CASE("the scenarios that ship can be played, by one modem and by ten") {
  std::size_t files = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(support::in_tree("examples/scenarios"))) {
    CAPTURE(file.path());
    const auto path = file.path().string();
    const auto alone = parse({"--scenario", path.c_str()});
    const auto fleet = parse({"--count", "10", "--scenario", path.c_str()});
    const bool is_for_fleets = file.path().stem().string().starts_with("fleet-");
    CHECK(std::holds_alternative<Options>(alone) == !is_for_fleets);
    REQUIRE(std::holds_alternative<Options>(fleet));
    CHECK(std::get<Options>(fleet).scenario_document != nullptr);
    ++files;
  }
  CHECK(files == 6);
}

TEST_CASE("options mean what they say") {
  const auto options = std::get<Options>(parse(
      {"--port",   "tcp:5000",       "--port", "pty:/tmp/x",   "--model", "EG800Q", "--power",
       "at-start", "--latency",      "120",    "--time-scale", "50",      "--knob", "disc-stat=on",
       "--knob",   "open-refused=5", "--",     "./tests",      "--port",  "-x"}));
  CHECK(options.ports == std::vector<std::string>{"tcp:5000", "pty:/tmp/x"});
  CHECK(options.model->model == "EG800Q");
  CHECK(options.power_at_start);
  CHECK(std::get<Latency::Fixed>(options.latency).delay == std::chrono::milliseconds(120));
  CHECK(options.time_scale == 50);
  CHECK(options.knobs.is_set(cellular::Knob::disc_stat));
  CHECK(options.knobs.get(cellular::Knob::open_refused) == 5);
  CHECK(options.command == std::vector<std::string>{"./tests", "--port", "-x"});
  const auto seeded = std::get<Options>(parse({"--seed", "7"}));
  CHECK(std::get<Latency::Typical>(seeded.latency).seed == 7);
}

TEST_CASE("the demo's services are there with its broker, unless said otherwise") {
  const auto has = [](const std::vector<const char*>& arguments) {
    return std::get<Options>(parse(arguments)).has_demo_services();
  };
  CHECK_FALSE(has({"--demo-broker", "off"}));
  CHECK_FALSE(has({"--demo-services", "off"}));
  CHECK(has({"--demo-broker", "off", "--demo-services", "on"}));
  refuses({"--demo-services", "maybe"});
}

TEST_CASE("bad options are one line and exit code 2") {
  refuses({"--nosuch"});
  refuses({"--model", "BG96"});
  refuses({"--latency", "fast"});
  refuses({"--latency", "-1"});
  refuses({"--latency", "60001"});
  refuses({"--time-scale", "0"});
  refuses({"--time-scale", "nan"});
  refuses({"--time-scale", "1x"});
  refuses({"--time-scale", "1001"});
  refuses({"--power", "later"});
  refuses({"--packet-cap", "1023"});
  refuses({"--packet-cap", "16777217"});
  refuses({"--knob", "nosuch=1"});
  refuses({"--knob", "open-refused=9"});
  refuses({"--log-level", "loud"});
  refuses({"--internet", "lan"});
  refuses({"--resolve", "a.example"});
  refuses({"--resolve", "a.example:0=b"});
  refuses({"--resolve", "a.example=*"});
  refuses({"--config", "/nonexistent/file"});
  refuses({"--port"});
  refuses({"--"});
  refuses({"./tests"});
}

TEST_CASE("asking for something ends with 0") {
  for (const auto* question : {"--help", "--version"})
    CHECK(std::get<EarlyExit>(parse({question})).code == 0);
  const auto knobs = std::get<EarlyExit>(parse({"--knob", "list"}));
  CHECK(knobs.code == 0);
  CHECK(knobs.text.find("open-refused") != std::string::npos);
}

TEST_CASE("options come from a file too, and the command line wins") {
  const auto file = std::filesystem::temp_directory_path() /
                    ("eg91xq-options-test-" + std::to_string(std::random_device()()));
  std::ofstream(file) << "model=EG915Q\nlatency=\"instant\"\nknob=[\"disc-stat=on\"]\n";
  const auto options = std::get<Options>(parse({"--config", file.c_str(), "--latency", "5"}));
  std::ofstream(file) << "latncy=instant\n";
  refuses({"--config", file.c_str()});
  std::filesystem::remove(file);
  CHECK(options.model->model == "EG915Q");
  CHECK(std::holds_alternative<Latency::Fixed>(options.latency));
  CHECK(options.knobs.is_set(cellular::Knob::disc_stat));
}

TEST_CASE("what is wrong in a file is said with the file and the place in it") {
  const support::ScratchDirectory scratch;
  const auto file = scratch.file("given");
  const auto said = [&](const char* option, const std::string& content) {
    std::ofstream(file) << content;
    return refusal({option, file.c_str()});
  };
  const auto begin = "eg91xq: " + file + ": ";
  CHECK(said("--config", "latncy=instant\n") ==
        begin + "latncy: unknown option; did you mean latency?\n");
  CHECK(said("--config", "zzzzzz=1\n") == begin + "zzzzzz: unknown option\n");
  CHECK(said("--config", "[sect]\nlatency=5\n") == begin + "[sect]: there are no sections\n");
  CHECK_THAT(said("--scenario", R"({"events":[{"at":1,"service":"bad"}]})"),
             Catch::Contains(": events[0].service must be home, roaming, denied or none\n"));
  CHECK_THAT(said("--scenario", "{\n\"zone\":}"),
             Catch::Contains(": it is not JSON: line 2, column 8: "));
}

TEST_CASE("every modem of a fleet has numbers of its own, with right check digits") {
  const auto first = std::get<Options>(parse({}));
  CHECK(first.identity.imei == "866764060000019");
  CHECK(first.card.imsi == "001010000000001");
  CHECK(first.card.iccid == "89882390000000000011");
  CHECK(first.card.number == "+15550100001");
  const auto eighth = std::get<Options>(parse({"--instance", "7"}));
  CHECK(eighth.identity.imei == "866764060000084");
  CHECK(eighth.card.imsi == "001010000000008");
  CHECK(eighth.card.iccid == "89882390000000000086");
  CHECK(eighth.card.number == "+15550100008");
  CHECK(eighth.identity.serial_number == "MPQ24K09E000008");
}

TEST_CASE("identity can be given") {
  const auto options = std::get<Options>(parse({"--imei",          "490154203237518",
                                                "--imsi",          "262019876543210",
                                                "--iccid",         "8949000000000000001",
                                                "--number",        "0151123",
                                                "--manufacturer",  "Maker",
                                                "--model-name",    "Model",
                                                "--revision",      "R1",
                                                "--serial-number", "S1",
                                                "--pin",           "0000",
                                                "--build",         "B2",
                                                "--edition",       "V07"}));
  CHECK(options.identity.imei == "490154203237518");
  CHECK(options.identity.manufacturer == "Maker");
  CHECK(options.identity.model == "Model");
  CHECK(options.identity.revision == "R1");
  CHECK(options.identity.serial_number == "S1");
  CHECK(options.identity.build == "B2");
  CHECK(options.identity.edition == "V07");
  CHECK(options.card.imsi == "262019876543210");
  CHECK(options.card.iccid == "8949000000000000001");
  CHECK(options.card.number == "0151123");
  CHECK(options.card.pin == "0000");
  CHECK(options.card.pin_enabled);
  refuses({"--imei", "490154203237517"});
  refuses({"--imei", "4901542032375"});
  refuses({"--imsi", "26201x"});
  refuses({"--iccid", "89490000000000000"});
  refuses({"--number", "+"});
  refuses({"--pin", "123"});
  refuses({"--puk", "1234567"});
  refuses({"--instance", "99999"});
  refuses({"--instance", "-1"});
  refuses({"--revision", "a\"b"});
  refuses({"--scenario", "/nonexistent/file"});
  for (const auto* name :
       {"--imei", "--imsi", "--iccid", "--number", "--pin", "--puk", "--manufacturer",
        "--model-name", "--revision", "--serial-number", "--build", "--edition"})
    refuses({name, ""});
}

TEST_CASE("a spread that ends too late is refused, whichever modem it meets") {
  const support::ScratchDirectory scratch;
  const auto file = scratch.file("scenario");
  const auto write = [&](const std::string& at) {
    std::ofstream(file) << R"({"events":[{"at":)" + at + R"(,"spread":1000,"service":"none"}]})";
  };
  write("999999000");
  CHECK(std::holds_alternative<Options>(parse({"--count", "3", "--scenario", file.c_str()})));
  write("999999001");
  refuses({"--count", "3", "--scenario", file.c_str()});
}

TEST_CASE("a token is the first line of its file, which has an end") {
  const support::ScratchDirectory scratch;
  const auto file = scratch.file("token");
  const auto with = [&](const std::string& text) {
    std::ofstream(file) << text;
    return parse({"--control", "127.0.0.1:0", "--control-token", file.c_str()});
  };
  CHECK(std::get<Options>(with(" tok \r\nmore\n")).control_token == "tok");
  CHECK(std::get<Options>(with("tok")).control_token == "tok");
  CHECK(std::holds_alternative<EarlyExit>(with("")));
  CHECK(std::holds_alternative<EarlyExit>(with("\ntok")));
  CHECK(std::holds_alternative<EarlyExit>(with(std::string(5000, 't'))));
  refuses({"--control", "127.0.0.1:0", "--control-token", "/dev/zero"});
}

TEST_CASE("rules of --resolve are taken together") {
  const auto options = std::get<Options>(
      parse({"--resolve", "*=127.0.0.1", "--resolve", "a.example:1883=[::1]:2883"}));
  const auto place = options.resolve.apply({"A.example", 1883});
  CHECK(place.host == "::1");
  CHECK(place.port == 2883);
  CHECK(options.resolve.apply({"b.example", 1883}).host == "127.0.0.1");
}
