// Numbers that hosts type in commands of short messages. Pure; no owner.
#pragma once

#include "at_engine/args.hpp"
#include "emulator/device/sms/sms_text.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace emulator::device::sms {

/// The number in the argument `at`, with a plus where the type in the next one says international;
/// nothing when it cannot be dialled.
std::optional<std::string> dialled(const at::Args& args, std::size_t at, Charset charset);

}  // namespace emulator::device::sms
