// A session between a host and a unit as it was heard, and how it is written as a case: the host's
// lines, what the unit said, the pauses. Times are comments, long waits are steps.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace conformance {

struct Piece {
  std::chrono::microseconds at;  // since the start
  bool from_host;
  std::string bytes;
};

class Session {
 public:
  static constexpr std::size_t max_pieces = 1'000'000;

  /// Joined to the last piece when it is of the same side and close behind it.
  void add(std::chrono::microseconds at, bool from_host, const std::string& bytes);

  /// The text of a case file. What the unit said before the host did is not part of it.
  [[nodiscard]] std::string as_case(const std::string& title) const;

 private:
  [[nodiscard]] bool echoed() const;

  std::vector<Piece> pieces_;
};

}  // namespace conformance
