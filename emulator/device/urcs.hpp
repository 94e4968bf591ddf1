// The URCs of the device model, with where each is described, for the manual.
#pragma once

#include "at_engine/urc.hpp"

#include <array>

namespace emulator::device {

constexpr std::array urcs{
    at::Urc{"RDY", "", "manual, table of URCs", "The module can be talked to"},
    at::Urc{"+CFUN", "<fun>", "manual 2.21", "The function level at a start"},
    at::Urc{"+CPIN", "<code>", "manual 5.3",
            "The SIM: READY, SIM PIN, SIM PUK, NOT READY, NOT INSERTED (the last: inferred)"},
    at::Urc{"+QUSIM", "<type>", "manual 2.21", "The SIM's applications are known"},
    at::Urc{"+QSIMSTAT", "<enable>,<inserted_status>", "manual 5.11", "A card was put in or out"},
    at::Urc{"+QIND", "SMS DONE", "manual, table of URCs", "The message memory can be used"},
    at::Urc{"+QIND", "PB DONE", "manual, table of URCs", "The phone book can be used"},
    at::Urc{"POWERED DOWN", "", "manual 10.1", "The module is off"},
    at::Urc{"+CREG", "<stat>[,<lac>,<ci>,<Act>]", "manual 6.2", "Registration changed"},
    at::Urc{"+CGREG", "<stat>[,<lac>,<ci>,<Act>]", "manual 9.6", "... for packet data"},
    at::Urc{"+CEREG", "<stat>[,<tac>,<ci>,<Act>]", "manual 9.8", "... in EPS"},
    at::Urc{"+CTZV", "<tz>", "manual 6.7", "The network told another time zone"},
    at::Urc{"+CTZE", "<tz>,<dst>,<time>", "manual 6.7", "... and the time"},
    at::Urc{"+CGEV", "<event>", "manual 9.7",
            "PDN ACT, PDN DEACT, NW DEACT, NW DETACH or ME DETACH"},
    at::Urc{"+QIURC", "\"pdpdeact\",<contextID>", "TCP/IP note 2.5.5",
            "A context of the TCP/IP layer is gone"},
    at::Urc{"+QIURC", "\"dnsgip\",<err>[,<count>,<ttl>]", "TCP/IP note 2.4.15",
            "A name was looked up; its addresses follow, one a line"},
    at::Urc{"+QPING", "<err>[,<ip>,<bytes>,<time>,<ttl>]", "TCP/IP note 2.4.16", "One echo"},
    at::Urc{"+QPING", "<err>,<sent>,<rcvd>,<lost>,<min>,<max>,<avg>", "TCP/IP note 2.4.16",
            "All echoes"},
    at::Urc{"+QNTP", "<err>[,<time>]", "TCP/IP note 2.4.17", "A time server answered, or none did"},
    at::Urc{"+CMTI", "<mem>,<index>", "manual 8.17", "A message was stored"},
    at::Urc{"+CMT", "<...>", "manual 8.17", "A message, not stored; it follows on the next line"},
    at::Urc{"+CDSI", "<mem>,<index>", "manual 8.17", "A report of delivery was stored"},
    at::Urc{"+CDS", "<...>", "manual 8.17", "A report of delivery, not stored"},
    at::Urc{"+QIND", "\"csq\",<rssi>,<ber>", "manual 4.3", "The signal changed"},
    at::Urc{"+QIND", "\"act\",<act>", "manual 4.3", "The access technology changed"},
    at::Urc{"+QIND", "\"SQI\",<rsrp>,<rsrq>,<sinr>", "manual 4.3", "The quality changed"},
    at::Urc{"+QIND", "\"smsfull\",<mem>", "manual 4.3", "A message memory is full"},
    at::Urc{"^MODE", "<mode>,<submode>", "manual 4.3", "The system changed (values inferred)"},
};

}  // namespace emulator::device
