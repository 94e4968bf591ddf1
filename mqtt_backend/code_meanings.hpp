// What the numbers in URCs of the MQTT commands mean, and what the note advises to do (note 3.3 and
// table 3), for the manual and for whoever explains a session. Behaviour is not told by this table.
#pragma once

#include <array>
#include <string_view>

namespace mqtt_backend {

struct CodeMeaning {
  std::string_view urc;
  std::string_view member;  // which of its numbers
  int code;
  std::string_view section;  // of the note
  std::string_view meaning;
  std::string_view advice{};  // empty: nothing is to be done, or the note does not say
};

inline constexpr std::string_view check_login =
    "Check user name and password, see that no other client has this client id, reopen the "
    "connection and send CONNECT again";

constexpr std::array code_meanings{
    CodeMeaning{"+QMTOPEN", "result", -1, "3.3.2", "The network could not be opened"},
    CodeMeaning{"+QMTOPEN", "result", 0, "3.3.2", "The network is open"},
    CodeMeaning{"+QMTOPEN", "result", 1, "3.3.2", "A parameter is wrong"},
    CodeMeaning{"+QMTOPEN", "result", 2, "3.3.2", "The client_idx is in use"},
    CodeMeaning{"+QMTOPEN", "result", 3, "3.3.2", "The PDP context could not be activated"},
    CodeMeaning{"+QMTOPEN", "result", 4, "3.3.2", "The domain name could not be resolved"},
    CodeMeaning{"+QMTOPEN", "result", 5, "3.3.2", "The connection could not be made"},
    CodeMeaning{"+QMTCLOSE", "result", -1, "3.3.3", "The network could not be closed"},
    CodeMeaning{"+QMTCLOSE", "result", 0, "3.3.3", "The network is closed"},
    CodeMeaning{"+QMTCONN", "result", 0, "3.3.4", "The server has answered; <ret_code> says how"},
    CodeMeaning{"+QMTCONN", "result", 1, "3.3.4", "CONNECT was sent again"},
    CodeMeaning{"+QMTCONN", "result", 2, "3.3.4", "CONNECT could not be delivered"},
    CodeMeaning{"+QMTCONN", "ret_code", 0, "3.3.4", "Accepted"},
    CodeMeaning{"+QMTCONN", "ret_code", 1, "3.3.4", "Refused: the protocol version",
                "AT+QMTCFG=\"version\" chooses 3.1 or 3.1.1"},
    CodeMeaning{"+QMTCONN", "ret_code", 2, "3.3.4", "Refused: the client id"},
    CodeMeaning{"+QMTCONN", "ret_code", 3, "3.3.4", "Refused: the server is unavailable"},
    CodeMeaning{"+QMTCONN", "ret_code", 4, "3.3.4", "Refused: user name or password are malformed"},
    CodeMeaning{"+QMTCONN", "ret_code", 5, "3.3.4", "Refused: not authorized"},
    CodeMeaning{"+QMTDISC", "result", -1, "3.3.5", "The connection could not be closed"},
    CodeMeaning{"+QMTDISC", "result", 0, "3.3.5", "The connection is closed"},
    CodeMeaning{"+QMTSUB", "result", 0, "3.3.6", "The server has acknowledged it"},
    CodeMeaning{"+QMTSUB", "result", 1, "3.3.6", "SUBSCRIBE was sent again"},
    CodeMeaning{"+QMTSUB", "result", 2, "3.3.6", "SUBSCRIBE could not be delivered"},
    CodeMeaning{"+QMTSUB", "value", 128, "3.3.6", "The server refuses the subscription"},
    CodeMeaning{"+QMTUNS", "result", 0, "3.3.7", "The server has acknowledged it"},
    CodeMeaning{"+QMTUNS", "result", 1, "3.3.7", "UNSUBSCRIBE was sent again"},
    CodeMeaning{"+QMTUNS", "result", 2, "3.3.7", "UNSUBSCRIBE could not be delivered"},
    CodeMeaning{"+QMTPUBEX", "result", 0, "3.3.8", "Delivered; with qos 0, sent"},
    CodeMeaning{"+QMTPUBEX", "result", 1, "3.3.8", "PUBLISH was sent again"},
    CodeMeaning{"+QMTPUBEX", "result", 2, "3.3.8", "PUBLISH could not be delivered"},
    CodeMeaning{"+QMTSTAT", "err_code", 1, "4.1", "The peer has closed or reset the connection",
                "Execute AT+QMTOPEN and reopen the connection"},
    CodeMeaning{"+QMTSTAT", "err_code", 2, "4.1", "PINGREQ timed out or could not be sent",
                "Deactivate and activate the PDP context, then reopen the connection"},
    CodeMeaning{"+QMTSTAT", "err_code", 3, "4.1", "CONNECT timed out or could not be sent",
                check_login},
    CodeMeaning{"+QMTSTAT", "err_code", 4, "4.1", "CONNACK timed out or was not received",
                check_login},
    CodeMeaning{"+QMTSTAT", "err_code", 5, "4.1",
                "The client sent DISCONNECT, and the server has closed the connection",
                "Nothing: this is a normal course"},
    CodeMeaning{"+QMTSTAT", "err_code", 6, "4.1",
                "The client closed the connection because sending failed again and again",
                "See that the data is right, then reopen the connection: the network may be "
                "congested"},
    CodeMeaning{"+QMTSTAT", "err_code", 7, "4.1", "The link is down or the server unavailable",
                "See that the link is alive or the server can be had"},
    CodeMeaning{"+QMTSTAT", "err_code", 8, "4.1", "The client has closed the connection itself",
                "Try to connect again"},
    CodeMeaning{"+QMTPING", "result", 1, "4.3", "PINGREQ was not answered in time"},
};

}  // namespace mqtt_backend
