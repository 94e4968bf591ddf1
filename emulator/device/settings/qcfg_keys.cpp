#include "emulator/device/settings/qcfg_keys.hpp"

#include "at_engine/text.hpp"

#include <optional>

namespace emulator::device {
namespace {

using V = QcfgValues;
using at::choice;
using at::field;
using at::number;
using at::text;
using Fields = at::FieldList<V>;

constexpr at::Param flag = choice("onoff", {0, 1});

template <auto m>
constexpr auto flag_field = field<m>(flag);

/// The values of a Ring inside the values.
template <auto ring>
consteval Fields ring_fields() {
  return {
      at::Field<V>(
          text("typeRI", 1, 16).among("off|pulse"),
          +[](V& v) -> std::string& { return (v.*ring).type; }),
      at::Field<V>(
          number("pulseduration", 1, 2000), +[](V& v) -> int& { return (v.*ring).duration_ms; }),
      at::Field<V>(
          number("pulsecount", 1, 5), +[](V& v) -> int& { return (v.*ring).count; })};
}

template <std::size_t i>
constexpr at::Field<V> tuner_field(
    text("bands", 0, 128), +[](V& v) -> std::string& { return v.tuner_bands[i]; });
template <std::size_t i>
constexpr at::Field<V> window_field(
    number("size", 16, 100), +[](V& v) -> int& { return v.tcp_window_kb[i]; });

bool settle_bands(V& v) {
  const auto band = normal_hex(v.band);
  const auto lte = normal_hex(v.lte_band);
  if (!band || !lte) return false;
  v.band = *band;
  v.lte_band = *lte;
  return true;
}

/// As a sibling types them, and shown so; the third mask may be missing.
bool settle_sibling_bands(V& v) {
  return normal_hex(v.band) && normal_hex(v.lte_band) &&
         (v.nb_band.empty() || normal_hex(v.nb_band));
}

/// Shown as the host typed it, with quotes or without.
consteval at::Param as_typed(at::Param param) {
  param.as_typed = true;
  return param;
}

consteval at::Param mask(std::string_view name) { return as_typed(text(name, 1, 20)); }
constexpr auto effect = field<&V::sibling_effect>(choice("effect", {0, 1}));
constexpr std::string_view of_siblings = "Of siblings: stored only";

}  // namespace

std::optional<std::string> normal_hex(std::string_view typed) {
  if (typed.size() >= 2 && typed.front() == '"') typed = typed.substr(1, typed.size() - 2);
  if (typed.size() > 2 && typed[0] == '0' && at::lower(typed[1]) == 'x') typed.remove_prefix(2);
  auto digits = at::lower(typed);
  for (const char c : digits)
    if (at::hex_value(c) < 0) return std::nullopt;
  if (digits.empty()) return std::nullopt;
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return "0x" + digits;
}

constinit const std::array<QcfgSetting, qcfg_key_count> qcfg_keys{{
    {.key = "urc/ri/ring",
     .fields = ring_fields<&V::ri_ring>(),
     .summary = "RI on a call (stored only: no calls)",
     .stored = true},
    {.key = "urc/ri/smsincoming",
     .fields = ring_fields<&V::ri_sms_incoming>(),
     .summary = "RI on a message",
     .stored = true},
    {.key = "urc/ri/other",
     .fields = ring_fields<&V::ri_other>(),
     .summary = "RI on other URCs",
     .stored = true},
    {.key = "urc/ri/level",
     .fields = {flag_field<&V::ri_level>},
     .summary = "Active level of RI (stored only: a port shows RI as active or not)",
     .stored = true},
    {.key = "cmux/urcport",
     .fields = {field<&V::cmux_urc_port>(number("urc_port", 0, 4))},
     .summary = "DLCI that URCs go to in CMUX, 0: to each that is not in data mode",
     .stored = true},
    {.key = "cmux/baudratework",
     .fields = {flag_field<&V::cmux_baud_rate_works>},
     .summary = "The UART takes the rate that AT+CMUX names",
     .stored = true},
    {.key = qcfg_key::urc_delay,
     .fields = {field<&V::urc_delay_ms>(number("time", 0, 120))},
     .summary = "Milliseconds a URC waits",
     .stored = true},
    {.key = qcfg_key::urc_cache,
     .fields = {flag_field<&V::urc_cache>},
     .summary = "URCs are held back"},
    {.key = qcfg_key::urc_port,
     .fields = {field<&V::urc_port>(text("urcportvalue", 1, 16).among("usbat|usbmodem|uart1|all"))},
     .summary = "Channel of the URCs until power-off"},
    {.key = "risignaltype",
     .fields = {field<&V::ri_signal_type>(
         text("RISignalType", 1, 16).among("respective|physical"))},
     .summary = "Which RI tells of URCs (stored only: there is one)",
     .stored = true},
    {.key = qcfg_key::roam_service,
     .fields = {field<&V::roam_service>(choice("roammode", {1, 2, 255})),
                flag_field<&V::roam_at_once>},
     .summary = "Roaming: not allowed (1), allowed (2), as the SIM says (255)",
     .shown_fields = 1,
     .stored = true},
    {.key = qcfg_key::band,
     .fields = {field<&V::band>(mask("bandval")), field<&V::lte_band>(mask("ltebandval"))},
     .summary = "LTE bands in use, bit 0 is band 1",
     .stored = true,
     .settle = settle_bands,
     .shown = "<bandval>,<ltebandval>"},
    {.key = "nwoptmz/acq",
     .fields = {flag_field<&V::acquisition>,
                field<&V::acquisition_s>(number("time", 60, 16777200))},
     .summary = "Search interval without service (stored only)",
     .stored = true},
    {.key = "usbnet",
     .fields = {field<&V::usbnet>(choice("net", {1, 3}))},
     .summary = "Network device on USB (stored only: no USB)",
     .stored = true},
    {.key = "aprstlevel",
     .fields = {flag_field<&V::ap_restarts>},
     .summary = "Restart after a crash (stored only)",
     .stored = true},
    {.key = "modemrstlevel",
     .fields = {flag_field<&V::modem_restarts>},
     .summary = "Restart after a modem crash (stored only)",
     .stored = true},
    {.key = "ntp",
     .fields = {field<&V::ntp_tries>(number("retries", 1, 10)),
                field<&V::ntp_interval_s>(number("interval", 5, 60))},
     .summary = "Tries and seconds between them of AT+QNTP",
     .stored = true},
    {.key = "ledmode",
     .fields = {field<&V::led_mode>(number("mode", 0, 2))},
     .summary = "Net light (stored only: no LED)",
     .stored = true},
    {.key = "nat",
     .fields = {flag_field<&V::nat>},
     .summary = "Address translation on USB (stored only: no USB)",
     .stored = true},
    {.key = "netmaskset",
     .fields = {flag_field<&V::netmask_set>, field<&V::netmask>(text("netmask", 1, 16))},
     .summary = "Netmask on USB (stored only: no USB)",
     .shown_fields = 1,
     .stored = true},
    {.key = "ppp/termframe",
     .fields = {flag_field<&V::ppp_term_frame>},
     .summary = "Terminate-Request where the bearer of a data call is lost, from the next start on",
     .stored = true},
    {.key = qcfg_key::tuner,
     .fields = {tuner_field<0>, tuner_field<1>, tuner_field<2>, tuner_field<3>},
     .summary = "Antenna tuner (stored only: no antenna)",
     .stored = true,
     .shown = "(0-3),\"bands\""},
    {.key = qcfg_key::window_size,
     .fields = {window_field<0>, window_field<1>},
     .summary = "TCP window (stored only: the system's counts)",
     .shown = "(0,1),(16-100)"},
    {.key = "TCP/SendMode",
     .fields = {field<&V::tcp_send_mode>(number("mode", 0, 2))},
     .summary = "When a socket says SEND OK"},
    {.key = "fast/poweroff",
     .fields = {flag_field<&V::fast_power_off>},
     .summary = "AT+QPOWD without leaving the network first",
     .stored = true},
    {.key = "fota/cid",
     .fields = {field<&V::fota_cid>(number("cid", 1, 15))},
     .summary = "Context that AT+QFOTADL downloads through"},
    {.key = "qcautoconnect",
     .fields = {flag_field<&V::auto_connect>},
     .summary = "Dials on USB by itself (stored only: no USB)",
     .stored = true},
    {.key = qcfg_key::message_map,
     .fields = {},
     .summary = "Messages of a status, a bit each",
     .shown = "\"stat\""},
    {.key = "sms/MeNum",
     .fields = {field<&V::sms_me_places>(number("number", 0, 255))},
     .summary = "Messages that \"ME\" has room for, from the next start on",
     .stored = true},
}};

constinit const std::array<QcfgSetting, qcfg_sibling_count> qcfg_sibling_keys{{
    {.key = "nwscanmode",
     .fields = {field<&V::nw_scan_mode>(number("mode", 0, 5)), effect},
     .summary = of_siblings,
     .shown_fields = 1,
     .stored = true},
    {.key = "nwscanseq",
     .fields = {field<&V::nw_scan_seq>(as_typed(text("sequence", 1, 16))), effect},
     .summary = of_siblings,
     .shown_fields = 1,
     .stored = true},
    {.key = "iotopmode",
     .fields = {field<&V::iot_op_mode>(number("mode", 0, 2)), effect},
     .summary = of_siblings,
     .shown_fields = 1,
     .stored = true},
    {.key = "gprsattach",
     .fields = {flag_field<&V::gprs_attach>},
     .summary = of_siblings,
     .stored = true},
    {.key = "servicedomain",
     .fields = {field<&V::service_domain>(number("service", 0, 2)), effect},
     .summary = of_siblings,
     .shown_fields = 1,
     .stored = true},
    {.key = "ims",
     .fields = {field<&V::ims>(number("mode", 0, 2))},
     .summary = of_siblings,
     .stored = true},
    {.key = "psm/urc", .fields = {flag_field<&V::psm_urc>}, .summary = of_siblings, .stored = true},
    {.key = "celevel",
     .fields = {field<&V::ce_level>(number("level", 0, 3))},
     .summary = of_siblings,
     .stored = true},
    {.key = "apready",
     .fields = {flag_field<&V::ap_ready>, flag_field<&V::ap_ready_level>,
                field<&V::ap_ready_ms>(number("interval", 100, 3000))},
     .summary = of_siblings,
     .stored = true},
    {.key = qcfg_key::band,
     .fields = {field<&V::band>(mask("bandval")), field<&V::lte_band>(mask("ltebandval")),
                field<&V::nb_band>(mask("nbbandval")), effect},
     .summary = "LTE bands in use, and a third mask and an effect that are stored only",
     .shown_fields = 3,
     .stored = true,
     .settle = settle_sibling_bands,
     .shown = "<bandval>,<ltebandval>,<nbbandval>,(0,1)"},
}};

}  // namespace emulator::device
