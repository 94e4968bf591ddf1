// The CME errors of the file commands (FILE note of the sibling modules, 4). Plain numbers.
#pragma once

namespace emulator::device::file_error {

constexpr int invalid_input = 400;
constexpr int beyond_the_end = 401;
constexpr int nothing_to_read = 402;
constexpr int not_found = 405;
constexpr int invalid_name = 406;
constexpr int exists = 407;
constexpr int write_failed = 409;
constexpr int open_failed = 410;
constexpr int read_failed = 411;
constexpr int too_many_open = 413;
constexpr int read_only = 414;
constexpr int invalid_handle = 416;
constexpr int delete_failed = 418;
constexpr int no_space = 420;
constexpr int timed_out = 421;
constexpr int too_large = 423;
constexpr int already_open = 426;

}  // namespace emulator::device::file_error
