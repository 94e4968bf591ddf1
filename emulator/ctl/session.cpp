#include "emulator/ctl/session.hpp"

#include "codec/json_text.hpp"
#include "emulator/ctl/failure.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace emulator::ctl {
namespace {

using nlohmann::json;

bool is_success(const Response& response) {
  return response.status >= 200 && response.status < 300;
}

/// What a problem document says, in one line; the field in front unless the detail begins with it.
std::string complaint(const Response& response) {
  const auto problem = codec::parse_json(response.body);
  if (!problem.is_object()) return fmt::format("refused with {}", response.status);
  const auto detail =
      problem.value("detail", problem.value("title", std::to_string(response.status)));
  return codec::complaint(problem.value("field", std::string()), detail);
}

}  // namespace

std::string Session::path(const std::string& tail) const {
  return "/v1/modems/" + percent_encoded(settings_.modem) + tail;
}

HttpClient& Session::client() {
  if (!client_) client_.emplace(find_endpoint(settings_.finding), token_of(settings_.finding));
  return *client_;
}

Response Session::ask(const Request& request, std::initializer_list<unsigned> taken) {
  auto response = client().ask(request);
  const bool is_taken = std::find(taken.begin(), taken.end(), response.status) != taken.end();
  if (!is_success(response) && !is_taken) throw Failure(complaint(response));
  return response;
}

Response Session::send(const std::string& method, const std::string& target,
                       const nlohmann::json& body) {
  return ask({.method = method, .target = target, .body = body.dump()});
}

void Session::follow(const Request& request,
                     const std::function<bool(const std::string& line)>& show, bool may_end) {
  bool wanted = true;
  const auto response =
      client().follow(request, [&](const std::string& line) { return wanted = show(line); });
  if (!wanted) return;
  if (!is_success(response)) throw Failure(complaint(response));
  if (may_end) return;
  throw Failure(fmt::format("{}: the modem has ended", client().address()));
}

json parsed(const Response& response) {
  auto content = codec::parse_json(response.body);
  if (content.is_discarded()) throw Failure("the answer is no JSON: is that a modem?");
  return content;
}

std::string percent_encoded(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

}  // namespace emulator::ctl
