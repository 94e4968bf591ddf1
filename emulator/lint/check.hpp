// Looks on at a modem and reports what its host does against some of the rules. Knows the module by
// its events alone. Owned by the Linter.
#pragma once

#include "emulator/lint/finding.hpp"
#include "emulator/module/observer.hpp"

#include <functional>
#include <utility>

namespace emulator::lint {

class Check : public Observer {
 public:
  using Report = std::function<void(Finding finding)>;

  explicit Check(Report report) : report_(std::move(report)) {}

  /// The run is over: what had to come by now comes no more.
  virtual void end(at::Time /*at*/) {}

 protected:
  void report(Finding finding) const { report_(std::move(finding)); }

 private:
  Report report_;
};

}  // namespace emulator::lint
