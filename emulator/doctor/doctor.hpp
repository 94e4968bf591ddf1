// `eg91xq doctor`: looks what this machine lacks for a modem with the given options, and says what
// to do about it. Starts nothing that stays. Called when the first argument of the program is
// "doctor".
#pragma once

namespace emulator::doctor {

/// `argv[0]` is "doctor"; behind it are options of the program. The exit code: 0 nothing to fix,
/// 1 something, 2 bad options.
[[nodiscard]] int run(int argc, const char* const* argv);

}  // namespace emulator::doctor
