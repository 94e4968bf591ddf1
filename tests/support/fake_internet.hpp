// An internet that writes down what it is asked, as text, and answers what a test tells it to.
#pragma once

#include "cellular/internet.hpp"

#include <deque>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace support {

class FakeInternet : public cellular::Internet {
 public:
  /// What was asked and not yet looked at: `resolve NAME[ at SERVER...]`, `ping ADDRESS`, `time
  /// ADDRESS PORT`.
  std::deque<std::string> requests;

  cellular::Inquiry resolve(const cellular::NameQuestion& asked, Resolved resolved) override {
    requests.push_back("resolve " + asked.name);
    for (const auto& server : asked.servers)
      requests.back() += (&server == asked.servers.data() ? " at " : " ") + server;
    resolved_ = std::move(resolved);
    return {};
  }
  cellular::Inquiry ping(const std::string& address, Echoed echoed) override {
    requests.push_back("ping " + address);
    echoed_ = std::move(echoed);
    return {};
  }
  cellular::Inquiry ask_time(const cellular::TimeServer& server, Timed timed) override {
    requests.push_back(fmt::format("time {} {}", server.address, server.port));
    timed_ = std::move(timed);
    return {};
  }

  // Answers to the last question of each kind.
  void resolved(const cellular::Addresses& found) { resolved_(found); }
  void echoed(const std::optional<cellular::Echo>& echo) { echoed_(echo); }
  void timed(const std::optional<std::int64_t>& unix_ms) { timed_(unix_ms); }

 private:
  Resolved resolved_;
  Echoed echoed_;
  Timed timed_;
};

}  // namespace support
