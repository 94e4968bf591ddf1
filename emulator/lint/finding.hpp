// A breach of a rule by the host, as it is found. Contents of files and payloads are not in it.
#pragma once

#include "at_engine/call.hpp"
#include "at_engine/timeline.hpp"
#include "emulator/lint/rule.hpp"

#include <optional>
#include <string>

namespace emulator::lint {

struct Finding {
  Rule rule{};
  at::Time at{};
  at::Asker channel{};          // that the host did it on; nobody when it is about a client alone
  std::optional<int> client{};  // client_idx
  std::string text{};           // one sentence, without its full stop
  std::string command{};        // what was typed, as shown_command() has it; empty when it was none
};

}  // namespace emulator::lint
