// The report as a reader's browser lays it out: nothing wider than the window, on a desk and in a
// hand.
#include "tests/integration/conformance/suite_run.hpp"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

SuiteRun chromium(const std::string& profile, const std::vector<std::string>& options) {
  std::vector<std::string> words{"chromium",
                                 "--headless",
                                 "--no-sandbox",
                                 "--disable-gpu",
                                 "--disable-quic",
                                 "--no-first-run",
                                 "--disable-background-networking",
                                 "--disable-component-update",
                                 "--disable-sync",
                                 "--user-data-dir=" + profile};
  words.insert(words.end(), options.begin(), options.end());
  Program program(words);
  const auto code = program.end(std::chrono::minutes(1));
  return {code, program.out(), program.err()};
}

/// Big-endian at `offset`, as PNG has its size.
int number_at(const std::string& bytes, std::size_t offset) {
  int value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes.at(offset + i));
  return value;
}

}  // namespace

TEST_CASE("the page fits wide and narrow windows, with failures and without") {
  if (installed("chromium").empty()) {
    WARN("chromium is not installed: skipped");
    return;
  }
  const EmulatorProcess emulator({"--demo-broker", "off", "--knob", "uns-value=none"});
  const ScratchDirectory scratch;
  const auto page = scratch.file("report.html");
  const auto run = run_suite({"--port", unit_port(emulator), "--profile", instant_profile,
                              "--filter", "UNS", "--report", page});
  REQUIRE(run.code == 1);
  std::ofstream(page, std::ios::app)
      << "<script>const page = document.documentElement; document.title = page.scrollWidth <= "
         "page.clientWidth ? 'fits' : `${page.scrollWidth} of ${page.clientWidth}`</script>\n";
  for (const int width : {1280, 500}) {
    CAPTURE(width);
    const auto size = fmt::format("--window-size={},900", width);
    const auto dom = chromium(scratch.file("profile"), {size, "--dump-dom", "file://" + page});
    CAPTURE(dom.err);
    const auto title = dom.out.find("<title>");
    REQUIRE(title != std::string::npos);
    CHECK(dom.out.substr(title, dom.out.find('<', title + 1) - title) == "<title>fits");
    const auto picture = scratch.file(fmt::format("{}.png", width));
    chromium(scratch.file("profile"), {size, "--screenshot=" + picture, "file://" + page});
    const auto bytes = contents(picture);
    REQUIRE(bytes.size() > 20'000);
    CHECK(bytes.substr(1, 3) == "PNG");
    CHECK(number_at(bytes, 16) == width);
  }
}
