// Behaviour that the note leaves open or that sibling modules do differently: the rows marked
// "knob" in the statements. One table; every knob is a small number with a name for each value.
// Owned by the Modem, read by the clients and their commands.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cellular {

enum class Knob {
  keepalive_zero,
  payload_len,
  open_no_pdp,
  open_unresolved,
  open_bearer_lost,
  open_refused,
  open_unreachable,
  open_tls_failed,
  disc_stat,
  sub_msg_id_zero,
  uns_value,
  recv_status,
  qmtpub,
  tls13,
  tls_name_check,
  urc_port,
  qcfg_siblings,
  result_port,
  data_mode_on_close,
  auto_pdp,
  default_access_mode,
  reopen_used_id,
  close_unused,
  show_real_local_port,
  cancel_send,
  recv_buffer,
  incoming_full_id,
  ssl_handshake_error,
  transparent_close,
  qisde_default,
  ntp_autoset,
  max_contexts,
  pdp_drift,
  server_ports,
  ssl_shares_ids,
  fault_open_leak,
  siblings,
  http_error_form,
  http_dns_error,
  https_handshake_error,
  http_unread,
  url_max,
  redirect,
  user_agent,
  raw_header_check,
  connect_limit_http,
  cmux_n1,
  cmux_dlcis,
  cmux_on_close,
  ppp_auth,
  ppp_connect_text,
  ppp_gateway,
  ppp_keep_context,
  ppp_first_frame_ms,
};

struct KnobRow {
  Knob knob;
  std::string_view name;
  std::string_view statement;
  std::string_view words;  // names of the values 0, 1, ...; empty: a number from low to high
  int low;
  int high;
  int standard;
  std::string_view summary;
};

constexpr std::array knob_table{
    KnobRow{Knob::keepalive_zero, "keepalive-zero", "CFG-keepalive", "error,off", 0, 1, 0,
            "keepalive 0: refused, or keep-alive switched off"},
    KnobRow{Knob::payload_len, "payload-len", "CFG-dataformat", "bytes,chars", 0, 1, 0,
            "payload_len of a message shown in hex counts raw bytes or typed characters"},
    KnobRow{Knob::open_no_pdp, "open-no-pdp", "OPEN-6", "", -1, 5, 3,
            "QMTOPEN result when the PDP context cannot be activated"},
    KnobRow{Knob::open_unresolved, "open-unresolved", "OPEN-6", "", -1, 5, 4,
            "QMTOPEN result when the name is not resolved"},
    KnobRow{Knob::open_bearer_lost, "open-bearer-lost", "OPEN-6", "", -1, 5, 5,
            "QMTOPEN result when the bearer is lost while opening"},
    KnobRow{Knob::open_refused, "open-refused", "OPEN-6", "", -1, 5, -1,
            "QMTOPEN result when the broker refuses"},
    KnobRow{Knob::open_unreachable, "open-unreachable", "OPEN-6", "", -1, 5, -1,
            "QMTOPEN result when nobody answers"},
    KnobRow{Knob::open_tls_failed, "open-tls-failed", "OPEN-6", "", -1, 5, -1,
            "QMTOPEN result when the TLS handshake fails"},
    KnobRow{Knob::disc_stat, "disc-stat", "DISC-2", "off,on", 0, 1, 0,
            "after QMTDISC also report +QMTSTAT: x,5"},
    KnobRow{Knob::sub_msg_id_zero, "sub-msgid-zero", "SUB-4", "error,accept", 0, 1, 0,
            "QMTSUB with msgID 0 and a qos over 0"},
    KnobRow{Knob::uns_value, "uns-value", "UNS-2", "count,none", 0, 1, 0,
            "value of +QMTUNS: the number of topics, or nothing as siblings print"},
    KnobRow{Knob::recv_status, "recv-status", "RECV-6", "five,single", 0, 1, 0,
            "AT+QMTRECV? prints five slots, or the single status of the note"},
    KnobRow{Knob::qmtpub, "qmtpub", "PUB-12", "error,siblings", 0, 1, 0,
            "AT+QMTPUB: unknown, or as BG95 and EC2x modules do"},
    KnobRow{Knob::tls13, "tls13", "CFG-ssl", "off,on", 0, 1, 0,
            "sslversion 4 (all) ends at TLS 1.2, or goes up to TLS 1.3"},
    KnobRow{Knob::tls_name_check, "tls-name-check", "CFG-ssl", "always,with-sni,never", 0, 2, 1,
            "from seclevel 1 on the certificate has to be of the host that was opened: always, "
            "while sni is 1, or never"},
    KnobRow{Knob::urc_port, "urc-port", "manual 2.24", "emulated,usbat", 0, 1, 0,
            "URCs go to the first port until the host moves them, or to usbat as from the factory"},
    KnobRow{Knob::qcfg_siblings, "qcfg-siblings", "manual 4.4", "error,keep", 0, 1, 0,
            "QCFG keys of sibling modules (nwscanmode, ...): unknown, or kept and read back"},
    KnobRow{Knob::result_port, "result-port", "manual 2.24", "asker,urc", 0, 1, 0,
            "results behind OK (+QMTOPEN: 0,0) go to the port that gave the command, or to that of "
            "URCs"},
    KnobRow{Knob::data_mode_on_close, "data-mode-on-close", "GRAM-12", "keep,leave", 0, 1, 0,
            "a host that goes away inside a prompt stays in it for the next, or leaves data mode"},
    KnobRow{Knob::auto_pdp, "auto-pdp", "PDPX-2", "off,on", 0, 1, 0,
            "an open on a context that the host has not activated: fails, or activates it"},
    KnobRow{Knob::default_access_mode, "default-access-mode", "SOCK-6", "buffer,push", 0, 1, 0,
            "access mode of a QIOPEN that names none"},
    KnobRow{Knob::reopen_used_id, "reopen-used-id", "SOCK-12", "error,urc", 0, 1, 0,
            "QIOPEN of an id in use: ERROR, or OK and a result 563"},
    KnobRow{Knob::close_unused, "close-unused", "SOCK-21", "ok,error", 0, 1, 0,
            "QICLOSE of an id that is not open"},
    KnobRow{Knob::show_real_local_port, "show-real-local-port", "SOCK-35", "off,on", 0, 1, 1,
            "QISTATE shows the port that a socket goes out from, or the one that was asked for"},
    KnobRow{Knob::cancel_send, "cancel-send", "SOCK-40", "error,ok", 0, 1, 0,
            "what ESC at the prompt of QISEND ends with"},
    KnobRow{Knob::recv_buffer, "recv-buffer", "SOCK-78", "", 1500, 65536, 10240,
            "bytes that a socket keeps for the host"},
    KnobRow{Knob::incoming_full_id, "incoming-full-id", "SURC-7", "off,on", 0, 1, 0,
            "\"incoming full\" tells the listener's id"},
    KnobRow{Knob::ssl_handshake_error, "ssl-handshake-error", "SSLS-4", "566,579", 0, 1, 0,
            "QSSLOPEN result when the TLS handshake fails"},
    KnobRow{Knob::transparent_close, "transparent-close", "TRAN-6", "nocarrier,closed_urc", 0, 1, 0,
            "a peer that closes in data mode: NO CARRIER, or a \"closed\" in its place"},
    KnobRow{Knob::qisde_default, "qisde-default", "SOCK-81", "off,on", 0, 1, 1,
            "AT+QISDE of a module that has started"},
    KnobRow{Knob::ntp_autoset, "ntp-autoset", "NETX-8", "off,on", 0, 1, 1,
            "AT+QNTP sets the clock unless it says whether"},
    KnobRow{Knob::max_contexts, "max-contexts", "PDPX-8", "", 1, 15, 3,
            "contexts that may be active when QIACT activates one"},
    KnobRow{Knob::pdp_drift, "pdp-drift", "PDPX-7", "off,on", 0, 1, 0,
            "a context that is lost is told of, or still shown by QIACT? while opens fail after 30 "
            "s"},
    KnobRow{Knob::server_ports, "server-ports", "SOCK-5", "all,chip", 0, 1, 0,
            "local ports of a TCP LISTENER and a UDP SERVICE: all, or 10000 to 10015"},
    KnobRow{Knob::ssl_shares_ids, "ssl-shares-ids", "SSLS-2", "off,on", 0, 1, 1,
            "QIOPEN and QSSLOPEN have twelve ids together, or each"},
    KnobRow{Knob::fault_open_leak, "fault-open-leak", "SOCK-16", "off,on", 0, 1, 0,
            "after twenty TLS sockets that came and went every open fails with 552 until a reset"},
    KnobRow{Knob::siblings, "siblings", "GEN-2", "off,on", 0, 1, 0,
            "commands that only sibling modules have (QISENDHEX, QHTTPPUT, ...)"},
    KnobRow{Knob::http_error_form, "http-error-form", "HTTP-33", "urc,cme", 0, 1, 0,
            "a failed QHTTPGET: OK and a result, or an error as the final result"},
    KnobRow{Knob::http_dns_error, "http-dns-error", "HTTP 8.7", "714,716", 0, 1, 1,
            "error of HTTP(S) when the name is not found"},
    KnobRow{Knob::https_handshake_error, "https-handshake-error", "HTTP-54", "716,732", 0, 1, 0,
            "error of HTTPS when the TLS handshake fails"},
    KnobRow{Knob::http_unread, "http-unread", "HTTP-57", "drop,busy", 0, 1, 0,
            "a request while a response has not been read: drops it, or is refused with 703"},
    KnobRow{Knob::url_max, "url-max", "HTTP-20", "2048,700", 0, 1, 0,
            "longest URL that QHTTPURL takes, in bytes"},
    KnobRow{Knob::redirect, "redirect", "HTTP-37", "absolute,none,all", 0, 2, 0,
            "redirects that HTTP(S) follows by itself"},
    KnobRow{Knob::user_agent, "user-agent", "HTTP-51", "QUECTEL_MODULE,Quectel-Module", 0, 1, 0,
            "field User-Agent of the requests that the module writes"},
    KnobRow{Knob::raw_header_check, "raw-header-check", "HTTP-41", "off,on", 0, 1, 0,
            "a raw request without an empty line: goes out as it is, or is refused with 720"},
    KnobRow{Knob::connect_limit_http, "connect-limit-http", "HTTP 8.7", "", 1, 60, 30,
            "seconds after which HTTP(S) gives up to connect"},
    KnobRow{Knob::cmux_n1, "cmux-n1", "MUX-4", "", 1, 32768, 127,
            "most bytes of data in a frame of the multiplexer when AT+CMUX does not say"},
    KnobRow{Knob::cmux_dlcis, "cmux-dlcis", "MUX-21", "", 1, 4, 4, "channels of the multiplexer"},
    KnobRow{Knob::cmux_on_close, "cmux-on-close", "MUX-45", "stay,leave", 0, 1, 0,
            "a host that closes its port in the multiplexer leaves the module there, or ends it"},
    KnobRow{Knob::ppp_auth, "ppp-auth", "PPP-24", "chap,pap,none", 0, 2, 0,
            "how a host logs in that dials packet data; any name and password will do"},
    KnobRow{Knob::ppp_connect_text, "ppp-connect-text", "PPP-2", "rate,plain", 0, 1, 0,
            "CONNECT of a data call under ATX1 and above: with 150000000 behind it, or alone"},
    KnobRow{Knob::ppp_gateway, "ppp-gateway", "PPP-34", "none,named", 0, 1, 0,
            "the module's own address is not named in IPCP, or is the second of its net"},
    KnobRow{Knob::ppp_keep_context, "ppp-keep-context", "PPP-11", "off,on", 0, 1, 0,
            "a context that only a data call has brought up goes with the call, or stays"},
    KnobRow{Knob::ppp_first_frame_ms, "ppp-first-frame-ms", "PPP-6", "", 0, 5000, 50,
            "ms from CONNECT to the module's first frame, unless the host speaks before"},
};

class Knobs {
 public:
  Knobs() {
    for (const auto& row : knob_table) at(row.knob) = row.standard;
  }

  [[nodiscard]] int get(Knob knob) const { return values_[static_cast<std::size_t>(knob)]; }
  [[nodiscard]] bool is_set(Knob knob) const { return get(knob) == 1; }

  /// Sets from "name=value"; the answer is what is wrong with it, or nothing.
  std::optional<std::string> set(std::string_view assignment);

  /// A line a knob: name, values, default, statement, meaning.
  static std::string list();

 private:
  int& at(Knob knob) { return values_[static_cast<std::size_t>(knob)]; }

  std::array<int, knob_table.size()> values_{};
};

}  // namespace cellular
