// Bytes of replies: information text, result codes, error reports and URCs, as the channel's V, Q,
// X, S3, S4 and +CMEE settings want them (base manual tables 3, 15 and 16).
#pragma once

#include "at_engine/channel.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace at {

enum class Result {
  ok = 0,
  connect = 1,
  ring = 2,
  no_carrier = 3,
  error = 4,
  no_dialtone = 6,
  busy = 7,
  no_answer = 8
};

/// The information lines of one command as one block; empty for no lines.
std::string information(const Channel& channel, const std::vector<std::string>& lines);

/// A final result code; empty under ATQ1.
std::string final_result(const Channel& channel, Result result);

/// CONNECT, with ` speed` behind it under ATX1 and above, unless it is empty (manual 2.13).
std::string connect_result(const Channel& channel, std::string_view speed);

/// One of a command's own (SEND OK): verbose whatever ATV says.
std::string final_result(const Channel& channel, std::string_view text);

/// "+CME ERROR" as +CMEE says: ERROR, a number, or text. Empty under ATQ1.
std::string cme_error(const Channel& channel, int code);

/// "+CMS ERROR", likewise.
std::string cms_error(const Channel& channel, int code);

/// An unsolicited line.
std::string unsolicited(const Channel& channel, std::string_view line);

/// The data prompt "> ", or ">" as a line of its own.
std::string arrow(const Channel& channel, bool as_line = false);

/// The verbose text of an error, empty when the tables have none.
std::string_view cme_text(int code);
std::string_view cms_text(int code);

}  // namespace at
