// Two network namespaces of the test's own with a cable between them: the modem's side, where a
// program is started, and the far side, where a broker listens. The far side can fall silent: what
// is sent there is dropped without a word. Without names, so that nothing is left behind however
// the test ends. Needs root and ip; see why_not(). Owned by a test case.
#pragma once

#include <functional>
#include <string>

namespace support {

class BlackHole {
 public:
  /// Addresses of the far side: one that is silent at times, one that nobody ever had.
  static const std::string far_address;
  static const std::string nobody;

  /// Empty when this machine can do it, else what is missing.
  static std::string why_not();

  /// Throws std::runtime_error.
  BlackHole();
  ~BlackHole();
  BlackHole(const BlackHole&) = delete;
  BlackHole& operator=(const BlackHole&) = delete;

  /// Runs `action` with the calling thread in that namespace; programs and sockets that it starts
  /// stay there.
  void at_modem(const std::function<void()>& action) const;
  void at_far(const std::function<void()>& action) const;

  /// The far side drops what it gets (or takes it again).
  void swallow(bool on) const;
  /// TCP of the modem's side gives up after few repetitions, within two seconds.
  void give_up_soon() const;

 private:
  void in(int space, const std::function<void()>& action) const;

  int modem_ = -1;
  int far_ = -1;
};

}  // namespace support
