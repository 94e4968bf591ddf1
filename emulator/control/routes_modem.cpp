#include "emulator/control/routes_modem.hpp"

#include "codec/digest.hpp"
#include "emulator/control/modem_state.hpp"

#include <string>
#include <utility>

#include <boost/locale/encoding_utf.hpp>
#include <fmt/format.h>

namespace emulator::control {
namespace {

using nlohmann::json;

constexpr int most_hold_ms = 60'000;
constexpr int default_hold_ms = 800;
constexpr int most_bytes = 65'536;
/// The key has to be held for so long to switch off (hardware design, 3.7).
constexpr int off_hold_ms = 650;
constexpr std::chrono::milliseconds brown_out{500};

Route state_route(const Fleet& fleet) {
  auto route = modem_route(Method::get, "", "getModem", "Everything about a modem");
  route.outcomes = {{200, "Its state", open_object()}};
  route.handler =
      for_modem(fleet, [&fleet](ControlledModem& modem, const Call&, const Responder& responder) {
        modem.run([&] {
          auto state = state_of(modem);
          state["run"] = fleet.run_id();
          responder.reply(200, state);
        });
      });
  return route;
}

void press_key(Modem& modem, int hold_ms) {
  auto& power = modem.device().power();
  if (!power.is_on())
    power.on();
  else if (hold_ms >= off_hold_ms)
    power.press_off();
}

Route power_route(const Fleet& fleet) {
  auto route =
      modem_route(Method::post, "/power", "power", "Switches the modem on, off, or resets it");
  route.body = object({{"action", one_of({"on", "off", "reset", "brownout", "key"}), true},
                       {"hold_ms", integer(0, most_hold_ms)
                                       .described("Of key; 800 unless told: 650 and more "
                                                  "switch off a modem that is on")}});
  route.outcomes = {{200, "Its power then", object({{"power", text(), true}})}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] {
          auto& power = modem.modem().device().power();
          const auto action = call.body.at("action").get<std::string>();
          note(modem, call, {{"action", action}});
          if (action == "on")
            power.on();
          else if (action == "off")
            power.cut();
          else if (action == "reset")
            power.hard_reset();
          else if (action == "brownout")
            power.cut(brown_out);
          else
            press_key(modem.modem(), call.body.value("hold_ms", default_hold_ms));
          const char* const now = power.is_ready() ? "on" : power.is_on() ? "booting" : "off";
          responder.reply(200, {{"power", now}});
        });
      });
  return route;
}

void insert(ControlledModem& modem, const Call& call, const Responder& responder) {
  const auto& body = call.body;
  std::string channel = body.value("channel", std::string());
  modem.modem().each_channel([&](const std::string& name, const at::Terminal&) {
    if (channel.empty()) channel = name;
  });
  auto* const port = modem.injector().port(channel);
  if (port == nullptr)
    return responder.problem({400, fmt::format("there is no channel {}", channel), "channel"});
  faults::Insertion insertion;
  insertion.place = *faults::place_of(body.value("when", std::string("now")));
  insertion.n = body.value("n", std::size_t{0});
  if (body.contains("line")) {
    insertion.line = body.at("line").get<std::string>();
    insertion.bytes = "\r\n" + insertion.line + "\r\n";
  } else {
    insertion.bytes = codec::base64_decode(body.at("bytes_base64").get<std::string>()).value_or("");
    insertion.line = journal::readable(insertion.bytes);
  }
  const auto seq =
      note(modem, call,
           {{"line", insertion.line}, {"when", std::string(faults::name_of(insertion.place))}});
  insertion.request = seq;
  if (!port->insert(std::move(insertion)))
    return responder.problem({409, "too many wait for their place already"});
  responder.reply(202, {{"seq", seq}});
}

Route urc_route(const Fleet& fleet) {
  auto route =
      modem_route(Method::post, "/urc", "sayUrc", "Says a line, or raw bytes, where it is told");
  route.body = with_exactly_one(
      object({{"line", text(1, most_bytes).described("Without CR LF")},
              {"bytes_base64", base64().described("As they are, without framing")},
              {"channel", name().described("The first one unless told")},
              {"when",
               one_of({"now", "before-echo", "between-echo-and-reply", "inside-reply",
                       "glued-to-result", "in-prompt", "after-byte"})
                   .described("now waits until the channel is idle; the others break in at the "
                              "next answer or prompt")},
              {"n", integer(0, most_bytes).described("Which line or byte")}}),
      {"line", "bytes_base64"});
  route.outcomes = {{202, "It waits for its place; the event of that name is what it comes from",
                     object({{"seq", integer(1, 9'007'199'254'740'991), true}})},
                    {409, "Too many wait"}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] { insert(modem, call, responder); });
      });
  return route;
}

Route sms_route(const Fleet& fleet) {
  constexpr std::size_t most_text = 640;
  auto route = modem_route(Method::post, "/sms", "deliverSms", "A short message arrives");
  route.body =
      object({{"from", text(1, 21).described("A number: up to 20 digits, with + or not"), true},
              {"text",
               text(0, most_text)
                   .described("At most 160 characters of the GSM "
                              "alphabet, or 70 others"),
               true}});
  route.outcomes = {{204, "It has arrived"}, {409, "The modem is not registered"}};
  route.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] {
          auto& device = modem.modem().device();
          if (!device.power().is_ready() || !device.network().registered())
            return responder.problem({409, "the modem is not registered"});
          const auto from = call.body.at("from").get<std::string>();
          if (!device::sms::is_dialled(from))
            return responder.problem(
                {400, "must be up to 20 digits, with + before them or not", "from"});
          if (!device.sms().deliver(from, boost::locale::conv::utf_to_utf<char16_t>(
                                              call.body.at("text").get<std::string>())))
            return responder.problem(
                {400, "must be at most 160 characters of the GSM alphabet, or 70 others", "text"});
          note(modem, call);
          responder.no_content();
        });
      });
  return route;
}

}  // namespace

Routes modem_routes(const Fleet& fleet) {
  return {state_route(fleet), power_route(fleet), urc_route(fleet), sms_route(fleet)};
}

}  // namespace emulator::control
