// What lines of hosts and units are about: which command, which URC, and whether a command ends.
#pragma once

#include <string>

namespace conformance {

/// "+QMTOPEN" of "AT+QMTOPEN=0,...", "" for what is no extended command.
std::string command_name(const std::string& line);

/// "+QMTOPEN" of "\r\n+QMTOPEN: 0,0\r\n", "" for what does not begin like that.
std::string urc_name(const std::string& bytes);

/// Ends with a final result code.
bool ends_command(const std::string& bytes);

}  // namespace conformance
