#include "at_engine/reply.hpp"

#include <array>

#include <fmt/format.h>

namespace at {
namespace {

constexpr std::size_t line_end_bytes = 2;

struct Text {
  int code;
  std::string_view text;
};

constexpr std::array result_table{
    Text{0, "OK"},    Text{1, "CONNECT"},     Text{2, "RING"}, Text{3, "NO CARRIER"},
    Text{4, "ERROR"}, Text{6, "NO DIALTONE"}, Text{7, "BUSY"}, Text{8, "NO ANSWER"},
};

constexpr std::array cme_table{
    Text{0, "Phone failure"},
    Text{1, "No connection to phone"},
    Text{2, "Phone-adaptor link reserved"},
    Text{3, "Operation not allowed"},
    Text{4, "Operation not supported"},
    Text{5, "PH-SIM PIN required"},
    Text{6, "PH-FSIM PIN required"},
    Text{7, "PH-FSIM PUK required"},
    Text{10, "SIM not inserted"},
    Text{11, "SIM PIN required"},
    Text{12, "SIM PUK required"},
    Text{13, "SIM failure"},
    Text{14, "SIM busy"},
    Text{15, "SIM wrong"},
    Text{16, "Incorrect password"},
    Text{17, "SIM PIN2 required"},
    Text{18, "SIM PUK2 required"},
    Text{20, "Memory full"},
    Text{21, "Invalid index"},
    Text{22, "Not found"},
    Text{23, "Memory failure"},
    Text{24, "Text string too long"},
    Text{25, "Invalid characters in text string"},
    Text{26, "Dial string too long"},
    Text{27, "Invalid characters in dial string"},
    Text{30, "No network service"},
    Text{31, "Network timeout"},
    Text{32, "Network not allowed - emergency calls only"},
    Text{40, "Network personalization PIN required"},
    Text{41, "Network personalization PUK required"},
    Text{42, "Network subset personalization PIN required"},
    Text{43, "Network subset personalization PUK required"},
    Text{44, "Service provider personalization PIN required"},
    Text{45, "Service provider personalization PUK required"},
    Text{46, "Corporate personalization PIN required"},
    Text{47, "Corporate personalization PUK required"},
    Text{50, "Incorrect parameters"},
    Text{100, "Unknown"},
    Text{400, "Invalid input value"},
    Text{401, "Larger than the size of the file"},
    Text{402, "Read zero byte"},
    Text{403, "Drive full"},
    Text{405, "File not found"},
    Text{406, "Invalid file name"},
    Text{407, "file already exist"},
    Text{409, "Fail to write the file"},
    Text{410, "Fail to open the file"},
    Text{411, "Fail to read the file"},
    Text{413, "Reach the max number of files allowed to be opened"},
    Text{414, "The file is read-only"},
    Text{416, "Invalid file descriptor"},
    Text{417, "Fail to list the file"},
    Text{418, "Fail to delete the file"},
    Text{419, "Fail to get disk info"},
    Text{420, "No space"},
    Text{421, "Time out"},
    Text{423, "File too large"},
    Text{425, "Invalid parameter"},
    Text{426, "File already opened"},
    Text{601, "Unknown error for FTP"},
    Text{602, "FTP blocked"},
    Text{603, "FTP busy"},
    Text{604, "DNS parse failed"},
    Text{605, "Network error"},
    Text{606, "Control connection closed"},
    Text{607, "Data connection closed"},
    Text{608, "Socket closed by peer"},
    Text{609, "Timeout error"},
    Text{610, "Invalid parameter"},
    Text{611, "Failed to open file"},
    Text{612, "File position invalid"},
    Text{613, "File error"},
    Text{614, "Service not available, closing control connection"},
    Text{615, "Open data connection failed"},
    Text{616, "Connection closed; transfer aborted"},
    Text{617, "Requested file action not taken"},
    Text{618, "Requested action aborted: local error in processing"},
    Text{619, "Requested action not taken: insufficient system storage"},
    Text{620, "Syntax error, command unrecognized"},
    Text{621, "Syntax error in parameters or arguments"},
    Text{622, "Command not implemented"},
    Text{623, "Bad sequence of commands"},
    Text{624, "Command parameter not implemented"},
    Text{625, "Not logged in"},
    Text{626, "Need account for storing files"},
    Text{627, "Requested action not taken"},
    Text{628, "Requested action aborted: page type unknown"},
    Text{629, "Requested file action aborted"},
    Text{630, "Requested file name invalid"},
    Text{631, "SSL authentication failed"},
    Text{701, "HTTP(S) unknown error"},
    Text{702, "HTTP(S) timeout"},
    Text{703, "HTTP(S) busy"},
    Text{704, "HTTP(S) UART busy"},
    Text{705, "HTTP(S) no GET/POST requests"},
    Text{706, "HTTP(S) network busy"},
    Text{707, "HTTP(S) network open failed"},
    Text{708, "HTTP(S) network no configuration"},
    Text{709, "HTTP(S) network deactivated"},
    Text{710, "HTTP(S) network error"},
    Text{711, "HTTP(S) URL error"},
    Text{712, "HTTP(S) empty URL"},
    Text{713, "HTTP(S) IP address error"},
    Text{714, "HTTP(S) DNS error"},
    Text{715, "HTTP(S) socket create error"},
    Text{716, "HTTP(S) socket connect error"},
    Text{717, "HTTP(S) socket read failed"},
    Text{718, "HTTP(S) socket write failed"},
    Text{719, "HTTP(S) socket closed"},
    Text{720, "HTTP(S) data encode error"},
    Text{721, "HTTP(S) data decode error"},
    Text{722, "HTTP(S) read timeout"},
    Text{723, "HTTP(S) response failed"},
    Text{724, "Incoming call busy"},
    Text{725, "Voice call busy"},
    Text{726, "Input timeout"},
    Text{727, "Wait data timeout"},
    Text{728, "Wait HTTP(S) response timeout"},
    Text{729, "Memory allocation failed"},
    Text{730, "Invalid parameter"},
    Text{731, "HTTP(S) would block"},
    Text{732, "HTTP(S) TLS handshake failed"},
    Text{733, "HTTP(S) file read failed"},
    Text{734, "HTTP(S) form size error"},
    Text{735, "HTTP(S) form file error"},
    Text{901, "Audio unknown error"},
    Text{902, "Audio invalid parameters"},
    Text{903, "Audio operation not supported"},
    Text{904, "Audio device busy"},
};

constexpr std::array cms_table{
    Text{107, "Other General problems"},
    Text{300, "ME failure"},
    Text{301, "SMS ME reserved"},
    Text{302, "Operation not allowed"},
    Text{303, "Operation not supported"},
    Text{304, "Invalid PDU mode"},
    Text{305, "Invalid text mode"},
    Text{310, "SIM not inserted"},
    Text{311, "SIM pin necessary"},
    Text{312, "PH SIM pin necessary"},
    Text{313, "SIM failure"},
    Text{314, "SIM busy"},
    Text{315, "SIM wrong"},
    Text{316, "SIM PUK required"},
    Text{317, "SIM PIN2 required"},
    Text{318, "SIM PUK2 required"},
    Text{320, "Memory failure"},
    Text{321, "Invalid memory index"},
    Text{322, "Memory full"},
    Text{330, "SMSC address unknown"},
    Text{331, "No network"},
    Text{332, "Network timeout"},
    Text{340, "No +CNMA acknowledgement expected"},
    Text{350, "Unknown"},
    Text{500, "Unknown"},
    Text{510, "Message blocked"},
};

template <std::size_t n>
std::string_view find(const std::array<Text, n>& table, int code) {
  for (const auto& row : table)
    if (row.code == code) return row.text;
  return {};
}

std::string_view verbose_text(Result result) {
  return find(result_table, static_cast<int>(result));
}

std::string framed(const Channel& channel, std::string_view text) {
  std::string line;
  line.reserve(text.size() + 2 * line_end_bytes);
  line = {channel.s3, channel.s4};
  line += text;
  line += channel.s3;
  line += channel.s4;
  return line;
}

std::string error_report(const Channel& channel, std::string_view prefix, int code,
                         std::string_view text) {
  if (channel.cmee == 0) return final_result(channel, Result::error);
  if (channel.quiet) return {};
  if (channel.cmee == 2 && !text.empty()) return framed(channel, fmt::format("{}{}", prefix, text));
  return framed(channel, fmt::format("{}{}", prefix, code));
}

}  // namespace

std::string information(const Channel& channel, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string block;
  if (channel.verbose) block = {channel.s3, channel.s4};
  for (const auto& line : lines) {
    block += line;
    block += channel.s3;
    block += channel.s4;
  }
  return block;
}

std::string final_result(const Channel& channel, Result result) {
  if (channel.quiet) return {};
  if (channel.verbose) return framed(channel, verbose_text(result));
  return fmt::format("{}{}", static_cast<int>(result), channel.s3);
}

std::string connect_result(const Channel& channel, std::string_view speed) {
  constexpr int plain = 0;
  const bool shows = channel.verbose && !channel.quiet && channel.result_set != plain;
  if (speed.empty() || !shows) return final_result(channel, Result::connect);
  return framed(channel, fmt::format("{} {}", verbose_text(Result::connect), speed));
}

// reading: a result of a command's own has no number, so that ATV0 leaves it as it is
std::string final_result(const Channel& channel, std::string_view text) {
  return channel.quiet ? std::string() : framed(channel, text);
}

std::string cme_error(const Channel& channel, int code) {
  return error_report(channel, "+CME ERROR: ", code, cme_text(code));
}

std::string cms_error(const Channel& channel, int code) {
  return error_report(channel, "+CMS ERROR: ", code, cms_text(code));
}

// reading: URCs keep the framing of GRAM-10 under ATV0; the manual shows it for responses only
std::string unsolicited(const Channel& channel, std::string_view line) {
  return framed(channel, line);
}

std::string arrow(const Channel& channel, bool as_line) {
  if (as_line) return framed(channel, ">");
  return fmt::format("{}{}> ", channel.s3, channel.s4);
}

std::string_view cme_text(int code) { return find(cme_table, code); }
std::string_view cms_text(int code) { return find(cms_table, code); }

}  // namespace at
