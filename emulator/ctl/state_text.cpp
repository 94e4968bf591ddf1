#include "emulator/ctl/state_text.hpp"

#include "emulator/ctl/value_text.hpp"

#include <vector>

#include <fmt/format.h>

namespace emulator::ctl {
namespace {

using nlohmann::json;
using Rows = std::vector<std::vector<std::string>>;

/// A member of any depth, as text; empty when it is not there.
std::string at(const json& object, const std::string& pointer) {
  const json::json_pointer place(pointer);
  return object.contains(place) ? plain(object.at(place)) : std::string();
}

void add_contexts(const json& state, Rows& rows) {
  for (const auto& context : state.value("contexts", json::array()))
    rows.push_back({"context " + at(context, "/cid"), at(context, "/active") == "true"
                                                          ? "active " + at(context, "/address")
                                                          : "not active"});
}

/// With the step that its boot has come to, until it is done.
std::string power_text(const json& state) {
  const auto step = at(state, "/boot_step");
  const bool boots = !step.empty() && step != "off" && step != "loaded";
  return at(state, "/power") + (boots ? fmt::format(", boot: {}", step) : "");
}

void add_planned(const json& state, Rows& rows) {
  for (auto planned : state.value("planned", json::array())) {
    const auto moment = at(planned, "/at");
    planned.erase("at");
    rows.push_back({"planned", fmt::format("at {} s: {}", moment, pairs(planned))});
  }
}

std::string timers_text(const json& client) {
  std::string text;
  for (const auto& timer : client.value("timers", json::array())) {
    const auto id = at(timer, "/msg_id");
    text += fmt::format(", {}{} {} s", at(timer, "/name"), id.empty() ? "" : " of " + id,
                        at(timer, "/left"));
  }
  return text;
}

void add_clients(const json& state, Rows& rows) {
  for (const auto& client : state.value("clients", json::array())) {
    std::string text = at(client, "/state_name");
    if (!at(client, "/host").empty())
      text += fmt::format(" {}:{}{}, {} under way, {} stored", at(client, "/host"),
                          at(client, "/port"), at(client, "/tls") == "true" ? " tls" : "",
                          at(client, "/window"), at(client, "/slots"));
    const bool was_down = client.contains("last_down") && client["last_down"].is_object();
    if (was_down)
      text += fmt::format(", +QMTSTAT {} at {} s: {}", at(client, "/last_down/stat"),
                          at(client, "/last_down/at"), at(client, "/last_down/why"));
    text += timers_text(client);
    if (text != "idle") rows.push_back({"client " + at(client, "/client_idx"), text});
  }
}

void add_services(const json& state, Rows& rows) {
  for (const auto& socket : state.value("sockets", json::array()))
    rows.push_back(
        {"socket " + at(socket, "/connect_id"),
         fmt::format("{} {} {}:{}{}, {}, {} unread, {} not acknowledged",
                     at(socket, "/service_type"), at(socket, "/state_name"), at(socket, "/host"),
                     at(socket, "/port"), socket.contains("ssl_ctx") ? " tls" : "",
                     at(socket, "/access_mode"), at(socket, "/unread"),
                     at(socket, "/unacknowledged"))});
  if (const auto http = at(state, "/http/state"); !http.empty() && http != "idle")
    rows.push_back({"http", http + " " + at(state, "/http/url")});
  if (const auto ftp = at(state, "/ftp/state"); !ftp.empty() && ftp != "closed")
    rows.push_back({"ftp", ftp + " " + at(state, "/ftp/host")});
  if (const auto call = at(state, "/data_call/phase"); !call.empty())
    rows.push_back({"data call", fmt::format("{}, {} packets in, {} out", call,
                                             at(state, "/data_call/packets_in"),
                                             at(state, "/data_call/packets_out"))});
  if (const auto update = at(state, "/firmware/update"); !update.empty() && update != "idle")
    rows.push_back({"update", update});
}

void add_channels(const json& state, Rows& rows) {
  for (const auto& channel : state.value("channels", json::array())) {
    auto text = fmt::format("{}, echo {}", at(channel, "/mode"),
                            at(channel, "/echo") == "true" ? "on" : "off");
    if (const auto waiting = at(channel, "/waiting_urcs"); waiting != "0")
      text += fmt::format(", {} URCs wait", waiting);
    if (const auto line = at(channel, "/line"); !line.empty()) text += ", line begun: " + line;
    rows.push_back({at(channel, "/name"), text});
  }
}

}  // namespace

std::string time_text(const json& time) {
  return fmt::format("{} s, scale {}{}{}", at(time, "/now"), at(time, "/scale"),
                     at(time, "/paused") == "true" ? ", paused" : "",
                     at(time, "/skip") == "true" ? ", skips" : "");
}

std::string state_text(const json& state) {
  Rows rows{{"modem",
             fmt::format("{} {} {}", at(state, "/name"), at(state, "/model"), at(state, "/imei"))},
            {"power", power_text(state)},
            {"sim", at(state, "/sim")},
            {"registration", at(state, "/registration")},
            {"signal", pairs(state.value("signal", json::object()))},
            {"time", time_text(state.value("time", json::object()))}};
  add_planned(state, rows);
  add_contexts(state, rows);
  add_clients(state, rows);
  add_services(state, rows);
  add_channels(state, rows);
  for (const auto& file : state.value("files", json::array()))
    rows.push_back({"file", fmt::format("{} ({} bytes)", at(file, "/name"), at(file, "/size"))});
  auto counted = json::object();
  const auto all = state.value("counters", json::object());
  for (const auto& [kind, count] : all.items())
    if (count != 0) counted[kind] = count;
  rows.push_back({"journal", pairs(counted)});
  return table(rows);
}

}  // namespace emulator::ctl
