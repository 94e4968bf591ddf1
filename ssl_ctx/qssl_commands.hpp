// AT+QSSLCFG: the keys of the six SSL contexts, set and asked for one by one. What is set here is
// looked at when a connection is opened, not before: a missing file shows then. Owned by the Modem.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "ssl_ctx/contexts.hpp"

#include <array>
#include <cstddef>

namespace ssl_ctx {

class Qssl {
 public:
  static constexpr std::size_t key_count = 21;

  explicit Qssl(Contexts& contexts) : contexts_(contexts) {}

  /// The keys in the order of `=?`, and last the second spelling "session", which it leaves out.
  static const std::array<at::Command<Qssl>, key_count>& commands();

  /// What AT+QSSLCFG has set for every context.
  void snapshot(at::Memo& memo);

 private:
  using Args = at::Args;
  using Outcome = at::Outcome;

  Outcome configure(const Args& args);
  Outcome ciphersuite(const Args& args);
  Outcome clientkey(const Args& args);
  Outcome psk(const Args& args);

  [[nodiscard]] Settings& context(const Args& args) { return contexts_[args.number(0)]; }

  Contexts& contexts_;
};

}  // namespace ssl_ctx
