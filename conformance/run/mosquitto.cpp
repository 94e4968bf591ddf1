#include "conformance/run/mosquitto.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>
#include <spawn.h>

namespace conformance {
namespace {

constexpr auto start_limit = std::chrono::seconds(5);
constexpr auto end_limit = std::chrono::seconds(5);

bool accepts(const std::string& host, std::uint16_t port) {
  const boost::asio::ip::tcp::endpoint place(boost::asio::ip::make_address(host), port);
  const int probe = ::socket(place.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool up = ::connect(probe, place.data(), static_cast<socklen_t>(place.size())) == 0;
  ::close(probe);
  return up;
}

pid_t run(const std::vector<std::string>& words) {
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  // What it has to say is in its log file.
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = -1;
  const int failed = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot run " + words[0]);
  return pid;
}

}  // namespace

Mosquitto::Mosquitto(const MosquittoSetup& setup) : address_(setup.address), held_(setup.address) {
  std::string name = (std::filesystem::temp_directory_path() / "mosquitto-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  directory_ = name;
  write_setup(setup);
  spawn();
  wait_until_listening();
  if (pid_ > 0) return;
  const std::string text = log();
  std::filesystem::remove_all(directory_);
  throw std::runtime_error("mosquitto does not start: " + text);
}

Mosquitto::~Mosquitto() {
  thaw();
  stop();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::string Mosquitto::log() const {
  std::ifstream file(directory_ / "log");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool Mosquitto::logged(const std::string& text) const {
  return log().find(text) != std::string::npos;
}

void Mosquitto::stop() { signal_and_wait(SIGTERM); }

void Mosquitto::kill() { signal_and_wait(SIGKILL); }

void Mosquitto::freeze() {
  if (pid_ > 0) ::kill(pid_, SIGSTOP);
}

void Mosquitto::thaw() {
  if (pid_ > 0) ::kill(pid_, SIGCONT);
}

void Mosquitto::write_setup(const MosquittoSetup& setup) {
  std::ofstream file(directory_ / "conf");
  file << fmt::format("listener {} {}\n", port(), address_);
  file << fmt::format("log_dest file {}\n", (directory_ / "log").string());
  file << "log_type all\nset_tcp_nodelay true\nmax_queued_messages 0\n";
  // Started as root it would become a user who cannot write the log.
  if (::geteuid() == 0) file << "user root\n";
  file << fmt::format("allow_anonymous {}\n", setup.users.empty());
  const auto passwords = directory_ / "passwords";
  if (!setup.users.empty()) file << fmt::format("password_file {}\n", passwords.string());
  file << setup.extra;
  for (const auto& [user, password] : setup.users) {
    std::ofstream(passwords, std::ios::app).flush();
    const pid_t pid = run({"mosquitto_passwd", "-b", passwords.string(), user, password});
    ::waitpid(pid, nullptr, 0);
  }
}

void Mosquitto::spawn() {
  // The child must not survive a test that crashes.
  pid_ = run({"setpriv", "--pdeathsig", "KILL", "/usr/sbin/mosquitto", "-c",
              (directory_ / "conf").string()});
}

void Mosquitto::wait_until_listening() {
  const auto deadline = std::chrono::steady_clock::now() + start_limit;
  while (!accepts(address_, port())) {
    const bool ended = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
    if (ended) pid_ = -1;
    if (ended || std::chrono::steady_clock::now() > deadline) return stop();
    ::poll(nullptr, 0, 1);
  }
}

void Mosquitto::signal_and_wait(int signal) {
  if (pid_ <= 0) return;
  const auto begin = std::chrono::steady_clock::now();
  // One that has just started forgets a signal that comes before its loop, so it gets another.
  auto next = begin;
  while (::waitpid(pid_, nullptr, WNOHANG) == 0) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= next) {
      ::kill(pid_, now < begin + end_limit ? signal : SIGKILL);
      next = now + std::chrono::milliseconds(200);
    }
    ::poll(nullptr, 0, 1);
  }
  pid_ = -1;
}

}  // namespace conformance
