#include "conformance/run/exit_code.hpp"

namespace conformance {

int exit_code(const RunResult& run) {
  if (run.count(Verdict::fail) > 0) return something_failed;
  const bool open = run.count(Verdict::inconclusive) > 0 || run.count(Verdict::not_run) > 0;
  return open || run.count(Verdict::pass) == 0 ? not_judged : all_passed;
}

}  // namespace conformance
