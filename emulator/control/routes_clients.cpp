#include "emulator/control/routes_clients.hpp"

#include "codec/digest.hpp"
#include "mqtt_backend/link/packet.hpp"
#include "mqtt_backend/qmt_commands.hpp"
#include "mqtt_backend/topic.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace emulator::control {
namespace {

using mqtt_backend::Packet;
using mqtt_backend::PacketType;

constexpr std::size_t most_payload = std::size_t{256} * 1024;
constexpr std::size_t most_topic = 65'535;
constexpr int most_id = 65'535;

std::string bytes_of(const nlohmann::json& body, const char* member) {
  return codec::base64_decode(body.value(member, std::string())).value_or("");
}

/// PUBLISH with this topic, payload, qos and flags (MQTT 3.1.1, 3.3).
Packet publish(const nlohmann::json& body) {
  const auto qos = body.value("qos", 0U);
  const unsigned flags =
      (body.value("dup", false) ? 8U : 0U) | qos << 1U | (body.value("retain", false) ? 1U : 0U);
  Packet content;
  mqtt_backend::append_text(content, body.at("topic").get<std::string>());
  if (qos > 0) mqtt_backend::append_u16(content, body.value("id", std::uint16_t{0}));
  const auto payload = bytes_of(body, "payload_base64");
  content.insert(content.end(), payload.begin(), payload.end());
  const auto type = static_cast<unsigned>(PacketType::publish) << 4U;
  return mqtt_backend::make_packet(static_cast<std::uint8_t>(type | flags), content);
}

/// Whether the bytes are one packet: a fixed header whose length is theirs.
bool is_packet(std::string_view bytes) {
  constexpr std::size_t longest_header = 5;
  std::size_t length = 0;
  for (std::size_t i = 1; i < std::min(bytes.size(), longest_header); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    length |= std::size_t{byte & 0x7FU} << (7 * (i - 1));
    if ((byte & 0x80U) == 0) return bytes.size() == i + 1 + length;
  }
  return false;
}

void inject(ControlledModem& modem, const Call& call, const Responder& responder) {
  const auto& body = call.body;
  const auto client = call.parameters.at("client").get<int>();
  Packet packet;
  if (body.at("type") == "publish") {
    if (!mqtt_backend::is_publishable(body.at("topic").get<std::string>()))
      return responder.problem({400, "must be a topic without wildcards", "topic"});
    if (bytes_of(body, "payload_base64").size() > most_payload)
      return responder.problem({400, "must be at most 256 KiB", "payload_base64"});
    packet = publish(body);
  } else {
    const auto bytes = bytes_of(body, "packet_base64");
    if (!is_packet(bytes))
      return responder.problem({400, "must be one whole packet", "packet_base64"});
    packet.assign(bytes.begin(), bytes.end());
  }
  const auto type = mqtt_backend::type_of(packet);
  const auto length = static_cast<std::int64_t>(packet.size());
  if (!modem.injector().inject(client, std::move(packet)))
    return responder.problem({409, fmt::format("client {} is not connected", client)});
  note(modem, call,
       {{"client", std::int64_t{client}},
        {"type", std::string(mqtt_backend::name_of(type))},
        {"length", length}});
  responder.no_content();
}

Schema body() {
  const Variant publish{
      "publish",
      {{"topic", text(1, most_topic), true},
       {"payload_base64", base64().described("Nothing unless told; at most 256 KiB")},
       {"qos", integer(0, 2).described("0 unless told")},
       {"retain", boolean()},
       {"dup", boolean()},
       {"id", integer(0, most_id).described("Of qos 1 and 2; one that is free unless told")}},
      "A message. The module's PUBACK, PUBREC and PUBCOMP for it do not go to the broker"};
  const Variant raw{"raw",
                    {{"packet_base64", base64().described("One whole packet"), true}},
                    "Any packet, whole, right or wrong"};
  return with_variants(object({}), "type", {publish, raw});
}

}  // namespace

Routes client_routes(const Fleet& fleet) {
  auto route = modem_route(Method::post, "/clients/{client}/inject", "injectPacket",
                           "A packet comes as though a client's broker had sent it");
  route.parameters.push_back(
      {"client", integer(0, static_cast<int>(mqtt_backend::client_count) - 1), "client_idx"});
  route.body = body();
  route.outcomes = {{204, "The client has it"}, {409, "The client is not connected"}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] { inject(modem, call, responder); });
      });
  return {std::move(route)};
}

}  // namespace emulator::control
