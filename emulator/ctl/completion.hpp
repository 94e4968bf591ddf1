// Scripts that let a shell complete `eg91xq ctl`. Printed by the command completion.
#pragma once

#include "emulator/ctl/completion_tree.hpp"

#include <string>
#include <vector>

namespace emulator::ctl {

[[nodiscard]] std::string bash_completion(const std::vector<CompletedPlace>& places);
[[nodiscard]] std::string zsh_completion(const std::vector<CompletedPlace>& places);
[[nodiscard]] std::string fish_completion(const std::vector<CompletedPlace>& places);

}  // namespace emulator::ctl
