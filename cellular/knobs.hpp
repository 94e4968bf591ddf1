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
  urc_port,
  qcfg_siblings,
  result_port,
  data_mode_on_close,
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
    KnobRow{Knob::urc_port, "urc-port", "manual 2.24", "emulated,usbat", 0, 1, 0,
            "URCs go to the first port until the host moves them, or to usbat as from the factory"},
    KnobRow{Knob::qcfg_siblings, "qcfg-siblings", "manual 4.4", "error,keep", 0, 1, 0,
            "QCFG keys of sibling modules (nwscanmode, ...): unknown, or kept and read back"},
    KnobRow{Knob::result_port, "result-port", "manual 2.24", "asker,urc", 0, 1, 0,
            "results behind OK (+QMTOPEN: 0,0) go to the port that gave the command, or to that of "
            "URCs"},
    KnobRow{Knob::data_mode_on_close, "data-mode-on-close", "GRAM-12", "keep,leave", 0, 1, 0,
            "a host that goes away inside a prompt stays in it for the next, or leaves data mode"},
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
