#include "conformance/transcript/player.hpp"

#include "conformance/transcript/escape.hpp"

namespace transcript {

std::string Player::host_bytes(const Step& step) {
  return step.verb == ">" ? step.rest + '\r' : unescaped(step.rest);
}

std::string Player::expected_bytes(const Step& step) {
  if (step.verb == "<<") return unescaped(step.rest);
  const auto line = unescaped(step.rest) + "\r\n";
  return step.verb == "<|" ? line : "\r\n" + line;
}

void Player::play(const Step& step) {
  if (step.verb == "--") {
    nothing_said(step);
  } else if (is_host(step)) {
    nothing_said(step);
    send(step, host_bytes(step));
  } else if (step.verb == "<&") {
    expect_among(step, expected_bytes(step));
  } else if (is_modem(step)) {
    expect(step, expected_bytes(step));
  } else if (step.verb == "wait" || step.verb == "quiet") {
    nothing_said(step);
    pass(step, duration_of(step, step.rest));
    if (step.verb == "quiet") nothing_left(step);
  } else if (step.verb == "within") {
    const auto blank = step.rest.find(' ');
    if (blank == std::string::npos) throw Failure(step, "within what time, and what?");
    Step inner = step;
    const auto expectation = step.rest.substr(blank + 1);
    inner.verb = expectation.substr(0, expectation.find(' '));
    inner.rest = expectation.substr(expectation.find(' ') + 1);
    if (!is_modem(inner)) throw Failure(step, "only <, <| and << can be within a time");
    expect_within(step, duration_of(step, step.rest.substr(0, blank)), expected_bytes(inner));
  } else if (!play_other(step)) {
    throw Failure(step, "unknown step: " + step.verb);
  }
}

}  // namespace transcript
