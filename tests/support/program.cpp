#include "tests/support/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <spawn.h>

namespace support {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t read_size = 65536;
constexpr milliseconds longest_poll{50};

milliseconds left_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
  return std::clamp(left, milliseconds(0), longest_poll);
}

struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  }
  int take(std::size_t end) { return std::exchange(ends[end], -1); }
  ~Pipe() {
    for (const int end : ends)
      if (end >= 0) ::close(end);
  }
  std::array<int, 2> ends{-1, -1};
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const auto& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> variables(const Program::Environment& added) {
  std::vector<std::string> result;
  for (const auto& [name, value] : added) result.push_back(name + "=" + value);
  // Of a name that comes twice some programs take the first and some the last.
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text(*entry);
    const auto name = text.substr(0, text.find('='));
    const bool replaced = std::any_of(added.begin(), added.end(),
                                      [&](const auto& each) { return each.first == name; });
    if (!replaced) result.push_back(text);
  }
  return result;
}

/// Reads what there is; false at the end.
bool read_into(int descriptor, std::string& text) {
  std::array<char, read_size> buffer{};
  const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
  if (size > 0) text.append(buffer.data(), static_cast<std::size_t>(size));
  return size > 0 || (size < 0 && errno == EAGAIN);
}

}  // namespace

Program::Program(const std::vector<std::string>& words, const Environment& environment) {
  ::signal(SIGPIPE, SIG_IGN);
  spawn(words, environment);
  ended_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  for (const int end : {out_pipe_, err_pipe_, in_}) ::fcntl(end, F_SETFL, O_NONBLOCK);
}

void Program::spawn(const std::vector<std::string>& words, const Environment& environment) {
  const std::string path = installed(words.at(0));
  if (path.empty()) throw std::runtime_error(words[0] + " is not installed");
  Pipe in;
  Pipe out;
  Pipe err;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.ends[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out.ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err.ends[1], STDERR_FILENO);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t pipe_signal;
  ::sigemptyset(&pipe_signal);
  ::sigaddset(&pipe_signal, SIGPIPE);
  ::posix_spawnattr_setsigdefault(&attributes, &pipe_signal);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const auto texts = variables(environment);
  const int error = ::posix_spawn(&pid_, path.c_str(), &actions, &attributes,
                                  pointers(words).data(), pointers(texts).data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot run " + path);
  in_ = in.take(1);
  out_pipe_ = out.take(0);
  err_pipe_ = err.take(0);
}

Program::~Program() {
  signal(SIGKILL);
  if (!code_) ::waitpid(pid_, nullptr, 0);
  for (const int descriptor : {ended_, in_, out_pipe_, err_pipe_})
    if (descriptor >= 0) ::close(descriptor);
}

void Program::signal(int number) const {
  if (!code_) ::kill(pid_, number);
}

void Program::say(std::string_view bytes) {
  const auto deadline = Clock::now() + patience;
  while (!bytes.empty()) {
    const ssize_t size = ::write(in_, bytes.data(), bytes.size());
    if (size > 0) bytes.remove_prefix(static_cast<std::size_t>(size));
    if (size < 0 && errno != EAGAIN) throw std::runtime_error("the program takes no input");
    if (Clock::now() >= deadline) throw std::runtime_error("the program does not read");
    if (size < 0) take(milliseconds(1));
  }
}

void Program::end_input() {
  if (in_ >= 0) ::close(std::exchange(in_, -1));
}

bool Program::wait(const std::function<bool()>& condition, milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  while (!condition()) {
    if (Clock::now() >= deadline) return false;
    take(left_until(deadline));
  }
  return true;
}

bool Program::wait_for_out(std::string_view text, milliseconds limit) {
  return wait([&] { return out_.find(text) != std::string::npos; }, limit);
}

bool Program::wait_for_err(std::string_view text, milliseconds limit) {
  return wait([&] { return err_.find(text) != std::string::npos; }, limit);
}

bool Program::take(milliseconds limit) {
  std::array<pollfd, 3> sources{pollfd{out_pipe_, POLLIN, 0}, pollfd{err_pipe_, POLLIN, 0},
                                pollfd{code_ ? -1 : ended_, POLLIN, 0}};
  if (::poll(sources.data(), sources.size(), static_cast<int>(limit.count())) <= 0) return false;
  if (sources[0].revents != 0 && !read_into(out_pipe_, out_)) ::close(std::exchange(out_pipe_, -1));
  if (sources[1].revents != 0 && !read_into(err_pipe_, err_)) ::close(std::exchange(err_pipe_, -1));
  if (sources[2].revents != 0) {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  return true;
}

std::optional<int> Program::end(milliseconds limit) {
  wait([&] { return code_.has_value(); }, limit);
  while (code_ && (out_pipe_ >= 0 || err_pipe_ >= 0) && take(milliseconds(0))) continue;
  return code_;
}

std::optional<int> Program::terminate() {
  signal(SIGTERM);
  return end();
}

std::string installed(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const char* path = std::getenv("PATH");
  const std::string places = std::string(path != nullptr ? path : "") + ":/usr/sbin:/sbin";
  for (std::size_t begin = 0; begin < places.size();) {
    const std::size_t end = std::min(places.find(':', begin), places.size());
    const std::string candidate = places.substr(begin, end - begin) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    begin = end + 1;
  }
  return {};
}

bool ends(pid_t pid, milliseconds limit) {
  const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (descriptor < 0) return errno == ESRCH;
  pollfd end{descriptor, POLLIN, 0};
  const bool ended = ::poll(&end, 1, static_cast<int>(limit.count())) == 1;
  ::close(descriptor);
  return ended;
}

std::int64_t ms_since(Clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(Clock::now() - start).count();
}

ScratchDirectory::ScratchDirectory()
    : path_((std::filesystem::temp_directory_path() / "eg91xq-test-XXXXXX").string()) {
  if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary directory");
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string ScratchDirectory::file(std::string_view name) const {
  return path_ + "/" + std::string(name);
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace support
