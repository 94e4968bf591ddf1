// What every stage of a transcript does alike: it turns steps into bytes sent, bytes expected and
// time that passes. The stages themselves (a modem in virtual time, a unit at a real port) say how.
#pragma once

#include "conformance/transcript/steps.hpp"

#include <string>

namespace transcript {

class Player {
 public:
  Player() = default;
  virtual ~Player() = default;
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

 protected:
  /// Throws Failure when the step does not hold.
  void play(const Step& step);

  static bool is_host(const Step& step) { return step.verb == ">" || step.verb == ">>"; }
  static bool is_modem(const Step& step) {
    return step.verb == "<" || step.verb == "<<" || step.verb == "<|" || step.verb == "<&";
  }
  static std::string host_bytes(const Step& step);
  static std::string expected_bytes(const Step& step);

  virtual void send(const Step& step, const std::string& bytes) = 0;
  /// Said next, in the time that the stage grants; no byte of another kind before it.
  virtual void expect(const Step& step, const std::string& bytes) = 0;
  /// A line (`<&`) among those that come now, whatever their order; the others stay to be expected.
  virtual void expect_among(const Step& step, const std::string& bytes) = 0;
  virtual void expect_within(const Step& step, Duration limit, const std::string& bytes) = 0;
  /// Time passes; nothing may be said before its end.
  virtual void pass(const Step& step, Duration time) = 0;
  virtual void nothing_said(const Step& step) = 0;
  /// Nothing said, and nothing asked of a broker that no step took.
  virtual void nothing_left(const Step& step) = 0;
  /// Verbs of the stage's own. False for an unknown one.
  virtual bool play_other(const Step& step) = 0;
};

}  // namespace transcript
