#include "tests/sim/fault_draws.hpp"

#include "emulator/faults/fault_type.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace sim {
namespace {

using nlohmann::json;
using About = FaultDraw::About;
using Rows = std::vector<FaultDraw>;

constexpr int often = 6;
constexpr int most_often = 24;

/// Those that the product's table has, in its order.
std::vector<std::string> words_of(std::string_view type, std::string_view param) {
  std::vector<std::string> words;
  std::string_view rest = emulator::faults::find_type(type)->param(param)->words;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('|'), rest.size());
    words.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return words;
}

/// A row for each mode of a type; `param` is what the table calls it.
void each_mode(Rows& rows, const std::string& type, About about, int weight,
               decltype(FaultDraw::complete) complete = {}, const std::string& param = "mode") {
  for (const auto& mode : words_of(type, param))
    rows.push_back({type, mode, about, weight, complete, {{param, mode}}});
}

/// A time limit, or a millisecond to its side, for an answer that comes after a millisecond.
int around(const DrawFor& draw, int limit_ms) { return limit_ms - 1 + draw.dice.in(-1, 1); }

/// T1 of the client, or a multiple.
int around_t1(const DrawFor& draw) {
  const int times = draw.dice.in(1, std::max(1, draw.setup.retry_times));
  return around(draw, draw.setup.pkt_timeout * times * 1000);
}

void lateness(const DrawFor& draw, json& params) {
  if (params["mode"] != "late") return;
  if (draw.dice.permille(200))
    params["ms"] = draw.dice.in(1, 20000);
  else if (params["packet"] == "pingresp")
    params["ms"] = around(draw, draw.setup.qmtping * 1000);
  else
    params["ms"] = around_t1(draw);
}

void slowness(const DrawFor& draw, json& params) {
  if (params["mode"] != "slow") return;
  params["delay_ms"] = draw.dice.in(0, 3000);
  params["jitter_ms"] = draw.dice.in(0, 1000);
  if (draw.dice.permille(500)) params["bytes_per_s"] = draw.dice.in(20, 5000);
  if (draw.dice.permille(500)) params["loss"] = draw.dice.in(0, 50);
}

/// Now and then around the limit of an open.
void slow_name(const DrawFor& draw, json& params) {
  if (params["mode"] == "slow")
    params["ms"] = draw.dice.permille(500) ? around(draw, 120'000) : draw.dice.in(1, 20000);
}

std::string some_topic(Dice& dice) { return "fault/" + std::to_string(dice.in(0, 9)); }

void add_network(Rows& rows) {
  each_mode(rows, "dns", About::client, often, slow_name);
  each_mode(rows, "connect", About::client, often);
  each_mode(rows, "tls", About::client, often);
  each_mode(rows, "link", About::link, often, slowness);
  rows.push_back({"nat-idle", "", About::link, often,
                  [](const auto& draw, json& params) { params["s"] = draw.dice.in(1, 60); }});
}

void add_packets(Rows& rows) {
  for (const auto& packet : words_of("broker", "packet")) {
    const bool has_id = packet != "connack" && packet != "pingresp";
    for (const auto& mode : words_of("broker", "mode"))
      if (has_id || mode != "wrong-id")
        rows.push_back({"broker",
                        packet + ' ' + mode,
                        About::client,
                        mode == "late"        ? most_often
                        : mode == "malformed" ? 1
                                              : often,
                        lateness,
                        {{"packet", packet}, {"mode", mode}}});
  }
  rows.push_back({"broker",
                  "connack code",
                  About::client,
                  often,
                  [](const auto& draw, json& params) { params["code"] = draw.dice.in(1, 5); },
                  {{"packet", "connack"}}});
  rows.push_back({"broker",
                  "suback code",
                  About::client,
                  often,
                  [](const auto& draw, json& params) {
                    params["code"] = draw.dice.one_of(std::array{0, 1, 128});
                  },
                  {{"packet", "suback"}}});
}

void add_broker(Rows& rows) {
  add_packets(rows);
  rows.push_back({"broker-disconnect", "", About::link, often});
  rows.push_back({"message-twice", "", About::client, often});
  each_mode(
      rows, "message", About::link, often,
      [](const auto& draw, json& params) {
        params["topic"] = some_topic(draw.dice);
        params["qos"] = draw.dice.in(0, 2);
        params["dup"] = draw.dice.permille(500) ? "yes" : "no";
      },
      "payload");
  rows.push_back({"retained-flood", "", About::client, often, [](const auto& draw, json& params) {
                    params["count"] = draw.dice.in(1, 20);
                    params["topic"] = some_topic(draw.dice);
                    params["bytes"] = draw.dice.in(0, 100);
                  }});
}

void add_line(Rows& rows) {
  const auto wait = [](int most_ms) {
    return [most_ms](const auto& draw, json& params) { params["ms"] = draw.dice.in(0, most_ms); };
  };
  const auto place = [](const auto& draw, json& params) { params["at"] = draw.dice.in(0, 30); };
  rows.push_back({"reply-delay", "", About::line, often, wait(5000)});
  rows.push_back({"reply-drop", "", About::line, often});
  rows.push_back({"reply-split", "", About::line, often, [](const auto& draw, json& params) {
                    params["at"] = draw.dice.in(0, 30);
                    params["ms"] = draw.dice.in(0, 3000);
                  }});
  rows.push_back({"reply-pieces", "", About::line, often, [](const auto& draw, json& params) {
                    params["bytes"] = draw.dice.in(1, 20);
                    params["ms"] = draw.dice.in(0, 200);
                  }});
  rows.push_back({"reply-coalesce", "", About::line, often, wait(2000)});
  rows.push_back({"reply-corrupt", "", About::line, often, place});
  rows.push_back({"reply-lost-byte", "", About::line, often, place});
  each_mode(rows, "crlf", About::line, often);
  rows.push_back({"echo-delay", "", About::line, often, wait(3000)});
}

void add_module(Rows& rows) {
  rows.push_back({"cme", "", About::line, often,
                  [](const auto& draw, json& params) { params["code"] = draw.dice.in(0, 60); }});
  rows.push_back({"result", "", About::line, often, {}, {{"text", "+CMS ERROR: 500"}}});
  rows.push_back({"reset", "", About::module, 2});
  rows.push_back({"brownout", "", About::module, 2,
                  [](const auto& draw, json& params) { params["ms"] = draw.dice.in(0, 20000); }});
  rows.push_back({"boot-hang", "", About::line, often,
                  [](const auto& draw, json& params) { params["s"] = draw.dice.in(1, 60); }});
  rows.push_back({"clock-jump", "", About::module, 2, [](const auto& draw, json& params) {
                    params["s"] = draw.dice.in(-100'000'000, 100'000'000);
                  }});
  rows.push_back({"signal", "", About::module, 2, [](const auto& draw, json& params) {
                    params["rsrp"] = draw.dice.in(-140, -44);
                    params["s"] = draw.dice.in(1, 60);
                  }});
  each_mode(rows, "registration", About::module, 2,
            [](const auto& draw, json& params) { params["s"] = draw.dice.in(1, 60); });
  // The first one is what names are looked up over.
  rows.push_back({"pdp-deactivate", "", About::module, 2,
                  [](const auto& draw, json& params) { params["cid"] = draw.dice.in(2, 15); }});
}

Rows all_draws() {
  Rows rows;
  add_module(rows);
  add_line(rows);
  add_network(rows);
  add_broker(rows);
  return rows;
}

}  // namespace

json FaultDraw::draw(const DrawFor& draw) const {
  auto& dice = draw.dice;
  json fault{{"type", type}, {"params", params}, {"seed", dice.seed()}};
  if (complete) complete(draw, fault["params"]);
  fault["count"] = at_once() || dice.permille(500) ? 1 : dice.in(1, 12);
  auto& when = fault["when"] = json::object();
  if (about == About::link || (about == About::client && dice.permille(900)))
    when["client"] = draw.client_idx;
  if (at_once()) return fault;
  if (about == About::line && type != "boot-hang" && dice.permille(300))
    when["command"] = dice.one_of(std::array{"^\\+QMT", "^\\+QMTPUBEX", "^\\+QMTCFG", "^$"});
  if (dice.permille(200)) when["probability"] = dice.in(1, 9) / 10.0;
  if (dice.permille(100)) when["nth"] = dice.in(1, 4);
  return fault;
}

const std::vector<FaultDraw>& fault_draws() {
  static const auto rows = all_draws();
  return rows;
}

}  // namespace sim
