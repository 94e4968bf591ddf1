// The URCs of the MQTT commands (note 3.3 and chapter 4), for the manual.
#pragma once

#include "at_engine/urc.hpp"

#include <array>

namespace mqtt_backend {

constexpr std::array urcs{
    at::Urc{"+QMTOPEN", "<client_idx>,<result>", "3.3.2", "An open ended"},
    at::Urc{"+QMTCLOSE", "<client_idx>,<result>", "3.3.3", "A close ended"},
    at::Urc{"+QMTCONN", "<client_idx>,<result>[,<ret_code>]", "3.3.4", "A connect ended"},
    at::Urc{"+QMTDISC", "<client_idx>,<result>", "3.3.5", "A disconnect ended"},
    at::Urc{"+QMTSUB", "<client_idx>,<msgID>,<result>[,<value>]", "3.3.6", "A subscribe ended"},
    at::Urc{"+QMTUNS", "<client_idx>,<msgID>,<result>[,<value>]", "3.3.7", "An unsubscribe ended"},
    at::Urc{"+QMTPUBEX", "<client_idx>,<msgID>,<result>[,<value>]", "3.3.8", "A publish ended"},
    at::Urc{"+QMTSTAT", "<client_idx>,<err_code>", "4.1", "The link went down"},
    at::Urc{"+QMTRECV", "<client_idx>,<msgID>,<topic>[,<payload_len>],<payload>", "4.2",
            "A message came (recv/mode 0)"},
    at::Urc{"+QMTRECV", "<client_idx>,<recv_id>", "4.2", "A message is stored (recv/mode 1)"},
    at::Urc{"+QMTPING", "<client_idx>,<result>", "4.3", "A PINGREQ was not answered"},
};

}  // namespace mqtt_backend
