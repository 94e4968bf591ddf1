// The rows of the control interface: finds the one that a request means, checks the request by it
// and calls its handler. Owned by Control; io thread only.
#pragma once

#include "emulator/control/responder.hpp"
#include "emulator/control/route.hpp"
#include "emulator/control/target.hpp"

#include <string>
#include <string_view>

namespace emulator::control {

/// A request as HTTP brings it.
struct Request {
  std::string method;
  std::string target;
  std::string body{};
  std::string accept{};
  std::string last_event_id{};
};

class RouteTable {
 public:
  /// Adds rows. The path of each with its method stands only once.
  void add(Routes routes);

  /// Answers through `responder` what is wrong, or lets the row's handler answer. HEAD is GET here.
  /// What a handler throws becomes a 500.
  void dispatch(const Request& request, const Responder& responder) const;

  [[nodiscard]] const Routes& routes() const { return routes_; }

 private:
  [[nodiscard]] const Route* find(const Target& target, std::string_view method) const;
  [[nodiscard]] Reply not_found(const Target& target) const;

  Routes routes_;
};

}  // namespace emulator::control
