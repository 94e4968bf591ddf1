#include "storm/core/ready_list.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace storm {
namespace {

using nlohmann::json;

std::optional<std::string> text_in(const json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::optional<std::uint16_t> port_in(const json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  const auto value = found->get<std::int64_t>();
  if (value < 1 || value > 0xFFFF) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

/// The first of "ports".
std::variant<PortPlace, std::string> first_port(const json& modem) {
  const auto ports = modem.find("ports");
  if (ports == modem.end() || !ports->is_array() || ports->empty() || !ports->front().is_object())
    return "it lists no ports";
  const auto kind = text_in(ports->front(), "kind");
  const auto path = text_in(ports->front(), "path");
  if (!kind || !path) return "its first port lacks kind or path";
  if (*kind == "pty") return PortPlace(DevicePlace{*path});
  if (*kind != "tcp")
    return fmt::format("its first port is of the kind {}; pty and tcp can be used", *kind);
  auto place = read_tcp_place(*path);
  if (!place) return fmt::format("its first port is at no HOST:PORT: {}", *path);
  return PortPlace(std::move(*place));
}

std::optional<BrokerPlace> broker_in(const json& content) {
  const auto broker = content.find("broker");
  if (broker == content.end() || !broker->is_object()) return std::nullopt;
  auto host = text_in(*broker, "host");
  const auto port = port_in(*broker, "port");
  if (!host || !port) return std::nullopt;
  return BrokerPlace{std::move(*host), *port};
}

/// Each with what a complaint calls it.
std::vector<std::pair<std::string, const json*>> modems_in(const json& content) {
  std::vector<std::pair<std::string, const json*>> modems;
  const auto list = content.find("modems");
  if (list == content.end() || !list->is_array()) return {{"modem0", &content}};
  for (const auto& modem : *list) {
    auto name = fmt::format("modem{}", modems.size());
    if (modem.is_object()) name = text_in(modem, "name").value_or(name);
    modems.emplace_back(std::move(name), &modem);
  }
  return modems;
}

}  // namespace

std::optional<TcpPlace> read_tcp_place(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size() || port == 0)
    return std::nullopt;
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.find_first_of(bracketed ? "[]\" " : ":[]\" ") != std::string_view::npos)
    return std::nullopt;
  return TcpPlace{std::string(host), port};
}

std::variant<ReadyList, std::string> read_ready_list(std::string_view text) {
  const auto content = json::parse(text, nullptr, false);
  if (!content.is_object()) return "it is no JSON object";
  ReadyList list;
  list.broker = broker_in(content);
  for (const auto& [name, modem] : modems_in(content)) {
    if (!modem->is_object()) return fmt::format("{} is no object", name);
    auto port = first_port(*modem);
    if (const auto* wrong = std::get_if<std::string>(&port))
      return fmt::format("{}: {}", name, *wrong);
    list.modems.push_back({name, std::move(std::get<PortPlace>(port))});
  }
  if (list.modems.empty()) return "it lists no modems";
  return list;
}

}  // namespace storm
