#include "emulator/control/route_table.hpp"

#include "emulator/control/request_check.hpp"

#include <exception>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace emulator::control {
namespace {

/// How many literal segments a path has; nothing when it is another path.
std::optional<std::size_t> match(const Route& route, const Target& target) {
  const auto pattern = path_segments(route.path);
  if (pattern.size() != target.segments.size()) return std::nullopt;
  std::size_t literal = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_parameter(pattern[i])) {
      if (target.segments[i].empty()) return std::nullopt;
    } else if (pattern[i] == target.segments[i]) {
      ++literal;
    } else {
      return std::nullopt;
    }
  }
  return literal;
}

}  // namespace

std::string_view to_text(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
  }
  return "";
}

void RouteTable::add(Routes routes) {
  for (auto& route : routes) routes_.push_back(std::move(route));
}

const Route* RouteTable::find(const Target& target, std::string_view method) const {
  const Route* best = nullptr;
  std::size_t best_literal = 0;
  for (const auto& route : routes_) {
    if (to_text(route.method) != method) continue;
    const auto literal = match(route, target);
    if (!literal || (best != nullptr && *literal <= best_literal)) continue;
    best = &route;
    best_literal = *literal;
  }
  return best;
}

Reply RouteTable::not_found(const Target& target) const {
  std::string allow;
  const auto add = [&allow](std::string_view method) {
    if (allow.find(method) == std::string::npos)
      allow += fmt::format("{}{}", allow.empty() ? "" : ", ", method);
  };
  for (const auto& route : routes_) {
    if (!match(route, target)) continue;
    add(to_text(route.method));
    if (route.method == Method::get) add("HEAD");
  }
  if (allow.empty())
    return to_reply(
        {404, fmt::format("nothing is at {}; /v1/openapi.json tells what is", target.path)});
  auto reply = to_reply({405, fmt::format("{} takes {}", target.path, allow)});
  reply.headers.emplace_back("Allow", allow);
  return reply;
}

void RouteTable::dispatch(const Request& request, const Responder& responder) const {
  const auto target = parse_target(request.target);
  if (!target) return responder.problem({400, "the target of the request is no path"});
  const auto* route = find(*target, request.method == "HEAD" ? "GET" : request.method);
  if (route == nullptr) return responder.answer(not_found(*target));
  Call call;
  call.accept = request.accept;
  call.last_event_id = request.last_event_id;
  if (const auto problem = fill(*route, *target, request.body, call))
    return responder.problem(*problem);
  run_handler(route->handler, call, responder);
}

void run_handler(const Handler& handler, const Call& call, const Responder& responder) {
  try {
    handler(call, responder);
  } catch (const std::exception& error) {
    spdlog::error("control: {} {}: {}", to_text(call.method), call.path, error.what());
    responder.problem({500, error.what()});
  }
}

}  // namespace emulator::control
