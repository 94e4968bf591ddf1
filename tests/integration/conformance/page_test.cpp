// The report as a reader's browser lays it out: nothing wider than the window and no table cut off,
// on a desk and in a hand.
#include "tests/integration/conformance/suite_run.hpp"
#include "tests/support/skip.hpp"

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

/// Says in its title, and to a page around it, what is wider than its place.
constexpr const char* measuring = R"(<script>
const wide = [...document.querySelectorAll('html, .scroll')]
  .filter(each => each.scrollWidth > each.clientWidth)
  .map(each => `${each.outerHTML.slice(0, 40)}: ${each.scrollWidth} of ${each.clientWidth}`);
document.title = wide.length ? wide.join(', ') : 'fits';
parent.postMessage(document.title, '*');
</script>
)";

/// A window of chromium is never so narrow as that of a telephone.
std::string in_a_frame(const std::string& page, int width) {
  return fmt::format(
      "<!DOCTYPE html><title>nothing</title><iframe src=\"file://{}\" width=\"{}\" height=\"900\">"
      "</iframe><script>addEventListener('message', e => document.title = e.data)</script>",
      page, width);
}

std::string title_of(const std::string& page) {
  const auto title = page.find("<title>");
  if (title == std::string::npos) return page;
  const auto from = title + 7;
  return page.substr(from, page.find('<', from) - from);
}

/// "fits", or what of a page that measures does not fit a telephone.
std::string on_a_telephone(const ScratchDirectory& scratch, const std::string& page) {
  const auto frame = scratch.file("frame.html");
  std::ofstream(frame) << in_a_frame(page, 360);
  return title_of(chromium(scratch.file("profile"), {"--dump-dom", "file://" + frame}).out);
}

}  // namespace

TEST_CASE("the page fits wide and narrow windows, with failures and without") {
  if (lacks("chromium")) return;
  const EmulatorProcess emulator({"--demo-broker", "off", "--knob", "uns-value=none"});
  const ScratchDirectory scratch;
  const auto page = scratch.file("report.html");
  const auto run = run_suite({"--port", unit_port(emulator), "--profile", instant_profile,
                              "--filter", "UNS", "--report", page});
  REQUIRE(run.code == 1);
  std::ofstream(page, std::ios::app) << measuring;
  for (const int width : {1280, 500}) {
    CAPTURE(width);
    const auto size = fmt::format("--window-size={},900", width);
    const auto dom = chromium(scratch.file("profile"), {size, "--dump-dom", "file://" + page});
    CAPTURE(dom.err);
    CHECK(title_of(dom.out) == "fits");
    const auto picture = scratch.file(fmt::format("{}.png", width));
    chromium(scratch.file("profile"), {size, "--screenshot=" + picture, "file://" + page});
    const auto bytes = contents(picture);
    REQUIRE(bytes.size() > 20'000);
    CHECK(bytes.substr(1, 3) == "PNG");
    CHECK(number_at(bytes, 16) == width);
  }
  CHECK(on_a_telephone(scratch, page) == "fits");
}

TEST_CASE("the page of a run that ended early fits a telephone") {
  if (lacks("chromium")) return;
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const ScratchDirectory scratch;
  const auto page = scratch.file("report.html");
  const auto run = run_suite({"--port", unit_port(emulator), "--profile", instant_profile,
                              "--quick", "--max-time", "1", "--report", page});
  REQUIRE(run.code == 3);
  REQUIRE(contents(page).find(">not run<") != std::string::npos);
  REQUIRE(contents(page).find(">inconclusive<") != std::string::npos);
  std::ofstream(page, std::ios::app) << measuring;
  CHECK(on_a_telephone(scratch, page) == "fits");
}
