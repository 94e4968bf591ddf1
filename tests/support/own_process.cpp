// What a program of ours sets for its process in main, for a test that is the process itself: a
// peer that closes a pipe is an error of the write, no signal.
#include <csignal>

namespace {

const auto before = std::signal(SIGPIPE, SIG_IGN);

}  // namespace
