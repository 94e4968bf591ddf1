#include "emulator/control/routes_channels.hpp"

#include "codec/digest.hpp"
#include "emulator/module/channel_names.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

namespace emulator::control {
namespace {

constexpr std::size_t most_line = 65'536;

Route with_channel(Route route) {
  route.parameters.push_back({"channel", name(), "Its name, as in the modem's state"});
  return route;
}

Problem not_found(const std::string& channel) {
  return {404, fmt::format("there is no channel {}", channel)};
}

Route open_route(const Fleet& fleet) {
  auto route =
      modem_route(Method::post, "/channels", "openChannel", "Opens a channel that has no port");
  route.body = object({{"name", name(), true}});
  route.outcomes = {
      {201, "It is there; what it says comes in the journal", object({{"name", name(), true}})},
      {409, "There is one of that name, or too many"}};
  route.handler = for_modem(fleet, [](ControlledModem& modem, const Call& call,
                                      const Responder& responder) {
    modem.run([&] {
      const auto name = call.body.at("name").get<std::string>();
      if (modem.injector().port(name) != nullptr || is_dlci_name(name))
        return responder.problem({409, fmt::format("there is a channel {} already", name), "name"});
      if (!modem.own_channels().open(name))
        return responder.problem(
            {409, fmt::format("at most {} channels can be opened", OwnChannels::most)});
      note(modem, call, {{"name", name}});
      responder.reply(201, {{"name", name}});
    });
  });
  return route;
}

Route close_route(const Fleet& fleet) {
  auto route = with_channel(modem_route(Method::del, "/channels/{channel}", "closeChannel",
                                        "Closes a channel that was opened so"));
  route.outcomes = {{204, "It is gone"}, {409, "It belongs to a port"}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] {
          const auto name = call.parameters.at("channel").get<std::string>();
          if (modem.injector().port(name) == nullptr) return responder.problem(not_found(name));
          if (!modem.own_channels().close(name))
            return responder.problem({409, fmt::format("channel {} belongs to a port", name)});
          note(modem, call);
          responder.no_content();
        });
      });
  return route;
}

void send(ControlledModem& modem, const Call& call, const Responder& responder) {
  const auto& body = call.body;
  const auto name = call.parameters.at("channel").get<std::string>();
  auto* const line = modem.injector().port(name);
  if (line == nullptr) return responder.problem(not_found(name));
  if (modem.has_host(name) && !body.value("shared", false))
    return responder.problem({409, fmt::format("a host holds channel {}", name), "shared"});
  std::string bytes;
  if (body.contains("line"))
    bytes = body.at("line").get<std::string>() + '\r';
  else
    bytes = codec::base64_decode(body.at("bytes_base64").get<std::string>()).value_or("");
  const auto seq = note(modem, call, {{"bytes", journal::Bytes{bytes}}});
  line->receive(bytes);
  responder.reply(202, {{"seq", seq}});
}

Route send_route(const Fleet& fleet) {
  auto route = with_channel(modem_route(Method::post, "/channels/{channel}/send", "send",
                                        "Types on a channel, as a host"));
  route.body = with_exactly_one(
      object({{"line", text(0, most_line).described("A CR goes behind it")},
              {"bytes_base64", base64().described("As they are")},
              {"shared", boolean().described("Even while a host holds the channel")}}),
      {"line", "bytes_base64"});
  route.outcomes = {{202, "The module hears it; what it says comes behind that event",
                     object({{"seq", integer(1, 9'007'199'254'740'991), true}})},
                    {409, "A host holds the channel"}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] { send(modem, call, responder); });
      });
  return route;
}

Route lines_route(const Fleet& fleet) {
  auto route = with_channel(modem_route(Method::post, "/channels/{channel}/lines", "setLines",
                                        "Sets the modem lines of a channel, as its host"));
  route.body =
      object({{"dtr", boolean().described("What a drop does AT&D says, and AT+QSCLK"), true}});
  route.outcomes = {{204, "They are so"}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] {
          const auto name = call.parameters.at("channel").get<std::string>();
          at::Terminal* found = nullptr;
          modem.modem().each_channel([&](const std::string& channel, at::Terminal& terminal) {
            if (channel == name) found = &terminal;
          });
          if (found == nullptr) return responder.problem(not_found(name));
          const bool dtr = call.body.at("dtr").get<bool>();
          note(modem, call, {{"dtr", dtr}});
          found->dtr(dtr);
          responder.no_content();
        });
      });
  return route;
}

}  // namespace

Routes channel_routes(const Fleet& fleet) {
  return {open_route(fleet), close_route(fleet), send_route(fleet), lines_route(fleet)};
}

}  // namespace emulator::control
