#include "emulator/ctl/address.hpp"

#include "codec/json_text.hpp"
#include "emulator/control/control_address.hpp"
#include "emulator/ctl/failure.hpp"
#include "emulator/first_line.hpp"
#include "emulator/registration.hpp"
#include "emulator/stores/regular_file.hpp"

#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace emulator::ctl {
namespace {

constexpr std::string_view tcp = "http://";
constexpr std::string_view local = "unix:";

Endpoint parse(const std::string& address, const char* whence) {
  auto text = std::string_view(address);
  const bool is_tcp = text.starts_with(tcp);
  if (is_tcp) text.remove_prefix(tcp.size());
  if (is_tcp && text.ends_with('/')) text.remove_suffix(1);
  const auto parsed = control::parse_control_address(text);
  const bool fits =
      parsed && (is_tcp ? parsed->path.empty() && text.find(':') != std::string_view::npos
                        : !parsed->path.empty());
  if (!fits)
    throw Failure(
        fmt::format("{} {}: give it as {}HOST:PORT or {}PATH", whence, address, tcp, local));
  if (!is_tcp) return {address, parsed->path, {}, {}, "localhost"};
  return {address, {}, parsed->host, std::to_string(parsed->port), std::string(text)};
}

std::string address_in(const std::string& ready_file) {
  constexpr std::size_t longest = std::size_t{16} << 20U;
  const auto file = read_regular_file(ready_file, longest);
  if (!file.content)
    throw Failure(fmt::format("--ready-file {}: cannot be read: {}", ready_file, file.wrong));
  const auto content = codec::parse_json(*file.content);
  if (!content.is_object() || !content.contains("pid"))
    throw Failure(fmt::format("--ready-file {}: is no ready file", ready_file));
  const auto address = content.find("control");
  if (address == content.end() || !address->is_string())
    throw Failure(fmt::format("--ready-file {}: its modem runs without --control", ready_file));
  return address->get<std::string>();
}

std::string the_only_one() {
  const auto modems = running_modems();
  if (modems.empty()) throw Failure("no modem with --control is running");
  if (modems.size() == 1) return modems.front().address;
  std::string all;
  for (const auto& modem : modems)
    all += fmt::format("{}{} (pid {})", all.empty() ? "" : ", ", modem.address, modem.pid);
  throw Failure(
      fmt::format("{} modems are running; say which one, with --at: {}", modems.size(), all));
}

const char* variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

}  // namespace

Endpoint find_endpoint(const Finding& finding) {
  if (!finding.at.empty()) return parse(finding.at, "--at");
  if (!finding.ready_file.empty()) return parse(address_in(finding.ready_file), "--ready-file");
  if (const auto* address = variable("MODEM_CONTROL")) return parse(address, "MODEM_CONTROL");
  return parse(the_only_one(), "the running modem's");
}

std::string token_of(const Finding& finding) {
  const auto* const set = variable("MODEM_CONTROL_TOKEN");
  const auto path = !finding.token_file.empty() ? finding.token_file : set != nullptr ? set : "";
  if (path.empty()) return {};
  auto token = first_line(path);
  if (!token) throw Failure(fmt::format("token {}: its first line has to be the token", path));
  return *std::move(token);
}

}  // namespace emulator::ctl
