#include "emulator/registration.hpp"

#include "emulator/stores/whole_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace emulator {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_entries = 1000;

fs::path directory() {
  std::error_code ignored;
  const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
  if (runtime != nullptr && runtime[0] == '/' && fs::is_directory(runtime, ignored))
    return fs::path(runtime) / "eg91xq";
  return fmt::format("/tmp/eg91xq-{}", ::getuid());
}

/// Others could have made it first, to be talked to in place of a modem.
bool is_ours(const fs::path& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode) &&
         found.st_uid == ::getuid() && (found.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

/// Nothing when the file's name is not PID.json.
std::optional<pid_t> pid_of(const fs::path& file) {
  const auto name = file.filename().string();
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (error != std::errc{} || pid <= 0 || std::string_view(end) != ".json") return std::nullopt;
  return pid;
}

bool has_ended(pid_t pid) { return ::kill(pid, 0) != 0 && errno == ESRCH; }

std::string address_in(const fs::path& file) {
  std::ifstream stream(file);
  const auto content = nlohmann::json::parse(stream, nullptr, false);
  if (!content.is_object()) return {};
  const auto address = content.find("control");
  return address != content.end() && address->is_string() ? address->get<std::string>()
                                                          : std::string();
}

}  // namespace

std::optional<std::string> Registration::enter(const std::string& address) {
  const auto place = directory();
  ::mkdir(place.c_str(), S_IRWXU);
  if (!is_ours(place)) return fmt::format("{}: is no directory of this user alone", place.string());
  const auto file = place / fmt::format("{}.json", ::getpid());
  constexpr auto keep_going = nlohmann::json::error_handler_t::replace;
  const nlohmann::json content{{"pid", ::getpid()}, {"control", address}};
  if (auto error = write_whole_file(file, content.dump(-1, ' ', false, keep_going) + '\n'))
    return fmt::format("{}: {}", file.string(), *error);
  file_ = file;
  return std::nullopt;
}

void Registration::leave() {
  if (!file_.empty()) ::unlink(std::exchange(file_, {}).c_str());
}

std::vector<RunningModem> running_modems() {
  std::vector<RunningModem> running;
  const auto place = directory();
  if (!is_ours(place)) return running;
  std::error_code error;
  for (fs::directory_iterator entry(place, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto pid = pid_of(entry->path());
    if (!pid || running.size() == max_entries) continue;
    if (has_ended(*pid)) {
      ::unlink(entry->path().c_str());
      continue;
    }
    auto address = address_in(entry->path());
    if (!address.empty()) running.push_back({*pid, std::move(address)});
  }
  std::sort(running.begin(), running.end(),
            [](const auto& a, const auto& b) { return a.pid < b.pid; });
  return running;
}

}  // namespace emulator
