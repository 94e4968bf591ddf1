#include "emulator/processes/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

namespace emulator {

using boost::system::error_code;

namespace {

std::string reason(int error) { return std::generic_category().message(error); }

/// Everything the child needs, made before the fork: afterwards only async-signal-safe calls.
struct Launch {
  std::string path;
  std::vector<char*> arguments;
  std::vector<std::string> variables;
  std::vector<char*> environment;
  const char* output = nullptr;
  pid_t parent = 0;
  int report = -1;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> variables_of(const Program& program) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('='));
    bool replaced = false;
    for (const auto& added : program.environment) replaced = replaced || added.first == name;
    if (!replaced) result.emplace_back(text);
  }
  for (const auto& [name, value] : program.environment)
    result.push_back(fmt::format("{}={}", name, value));
  return result;
}

void close_others_on_exec() {
  constexpr int fallback_limit = 1024;
  if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
  for (int descriptor = 3; descriptor < fallback_limit; ++descriptor) {
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }
}

bool redirect(const char* output) {
  const int sink = ::open(output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (sink < 0) return false;
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing < 0) return false;
  return ::dup2(nothing, STDIN_FILENO) >= 0 && ::dup2(sink, STDOUT_FILENO) >= 0 &&
         ::dup2(sink, STDERR_FILENO) >= 0;
}

[[noreturn]] void become(const Launch& launch) {
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  // The parent may have died before the line above.
  if (::getppid() != launch.parent) ::_exit(Process::not_found);
  close_others_on_exec();
  if (launch.output == nullptr || redirect(launch.output)) {
    ::execve(launch.path.c_str(), launch.arguments.data(), launch.environment.data());
  }
  const int error = errno;
  [[maybe_unused]] const ssize_t told = ::write(launch.report, &error, sizeof error);
  ::_exit(Process::not_found);
}

/// Forks; returns the child, or -1 with errno telling why there or in the child it failed.
pid_t launch_child(Launch& launch) {
  std::array<int, 2> report{};
  if (::pipe2(report.data(), O_CLOEXEC) != 0) return -1;
  launch.report = report[1];
  launch.parent = ::getpid();
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  // Our own signal handlers must not run in the child.
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t child = ::fork();
  int error = errno;
  if (child == 0) become(launch);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::close(report[1]);
  bool failed = child < 0;
  if (!failed && ::read(report[0], &error, sizeof error) == sizeof error) {
    failed = true;
    ::waitpid(child, nullptr, 0);
  }
  ::close(report[0]);
  errno = error;
  return failed ? -1 : child;
}

int exit_code_of(int status) {
  return WIFSIGNALED(status) ? Process::signal_base + WTERMSIG(status) : WEXITSTATUS(status);
}

bool ended_within(int descriptor, std::chrono::milliseconds limit) {
  using std::chrono::steady_clock;
  const auto deadline = steady_clock::now() + limit;
  pollfd ended{descriptor, POLLIN, 0};
  int result = -1;
  do {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
    result = ::poll(&ended, 1, left > 0 ? static_cast<int>(left) : 0);
  } while (result < 0 && errno == EINTR);
  return result == 1;
}

bool executable(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::optional<std::string> find_program(const std::string& name, std::string_view more_places) {
  if (name.find('/') != std::string::npos) {
    return executable(name) ? std::optional(name) : std::nullopt;
  }
  const char* path = std::getenv("PATH");
  const std::string places = fmt::format("{}:{}", path != nullptr ? path : "", more_places);
  for (std::size_t begin = 0; begin < places.size();) {
    const std::size_t end = std::min(places.find(':', begin), places.size());
    const std::string candidate = places.substr(begin, end - begin) + "/" + name;
    if (end > begin && executable(candidate)) return candidate;
    begin = end + 1;
  }
  return std::nullopt;
}

Process::~Process() { end(std::chrono::milliseconds(0)); }

std::optional<std::string> Process::start(const Program& program, Exited exited) {
  const std::string& name = program.command.front();
  const auto path = find_program(name);
  if (!path) return fmt::format("cannot run {}: not found, or not executable", name);
  Launch launch;
  launch.path = *path;
  launch.arguments = pointers(program.command);
  launch.variables = variables_of(program);
  launch.environment = pointers(launch.variables);
  launch.output = program.output ? program.output->c_str() : nullptr;
  pid_ = launch_child(launch);
  if (pid_ < 0) return fmt::format("cannot run {}: {}", name, reason(errno));
  exited_ = std::move(exited);
  return watch();
}

std::optional<std::string> Process::watch() {
  // glibc 2.36 declares pidfd_open() in a way that C++ cannot link.
  const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  error_code error(errno, boost::system::system_category());
  if (descriptor >= 0) exit_.assign(descriptor, error);
  if (descriptor < 0 || error) {
    if (descriptor >= 0) ::close(descriptor);
    ::kill(pid_, SIGKILL);
    reap();
    return fmt::format("cannot watch a child process: {}", error.message());
  }
  watched_ = std::make_shared<char>();
  exit_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                   [this, watched = std::weak_ptr(watched_)](error_code) {
                     if (watched.expired()) return;
                     const int code = reap();
                     const Exited report = std::move(exited_);
                     if (report) report(code);
                   });
  return std::nullopt;
}

void Process::signal(int number) {
  if (running()) ::kill(pid_, number);
}

void Process::end(std::chrono::milliseconds grace) {
  if (!running()) return;
  signal(SIGTERM);
  if (!ended_within(exit_.native_handle(), grace)) signal(SIGKILL);
  reap();
}

int Process::reap() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
  watched_.reset();
  error_code ignored;
  exit_.close(ignored);
  return exit_code_of(status);
}

}  // namespace emulator
