#include "tests/sim/dialogue.hpp"

#include "conformance/transcript/escape.hpp"
#include "tests/sim/ledger.hpp"

#include <utility>

#include <fmt/format.h>

namespace sim {

Dialogue::Dialogue(Dice dice) : dice_(dice), world_({}) {
  world_.modem.power_on();
  world_.settle();
  world_.ports[0].unread.clear();
  type("ATE0\r");
  said_.clear();
}

void Dialogue::restart() {
  tell("the module is reset");
  world_.modem.device().power().hard_reset();
  world_.timeline.run_until(world_.timeline.now() + std::chrono::minutes(1));
  world_.ports[0].unread.clear();
  type("ATE0\r");
  said_.clear();
}

void Dialogue::tell(std::string line) {
  constexpr std::size_t longest_story = 60;
  story_.push_back(std::move(line));
  if (story_.size() > longest_story) story_.pop_front();
}

void Dialogue::listen() {
  world_.settle();
  said_ += std::exchange(world_.ports[0].unread, {});
}

void Dialogue::type(const std::string& bytes) {
  if (!dice_.permille(300) || bytes.size() < 2) {
    world_.terminals[0]->receive(bytes);
  } else {
    const auto cut = static_cast<std::size_t>(dice_.in(1, static_cast<int>(bytes.size()) - 1));
    world_.terminals[0]->receive(bytes.substr(0, cut));
    world_.terminals[0]->receive(bytes.substr(cut));
  }
  listen();
}

void Dialogue::command(const std::string& line) {
  tell("> " + line);
  type(line + "\r");
}

void Dialogue::expect(const std::string& bytes) {
  said_ += std::exchange(world_.ports[0].unread, {});
  if (!take(bytes))
    throw Violation(fmt::format("should say {}\n  but says {}",
                                transcript::escaped(bytes.substr(0, 200)),
                                transcript::escaped(said_.substr(0, 200))));
}

bool Dialogue::take(std::string_view text) {
  if (said_.compare(0, text.size(), text) != 0) return false;
  said_.erase(0, text.size());
  return true;
}

void Dialogue::asked(std::size_t number, const std::string& request) {
  auto& requests = world_.transport.requests[number];
  if (requests.empty() || requests.front() != request)
    throw Violation(fmt::format("connection {} should be asked {}\n  but is asked {}", number,
                                request, requests.empty() ? "nothing" : requests.front()));
  requests.pop_front();
}

}  // namespace sim
