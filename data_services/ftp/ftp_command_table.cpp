// Declarations of AT+QFTP*.
#include "data_services/ftp/ftp_commands.hpp"
#include "data_services/ftp/ftp_host_data.hpp"

#include <limits>

namespace data_services {
namespace {

using at::Command;
using at::number;
using at::Source;
using at::text;
using F = Qftp;

constexpr std::int64_t max_host = 200;
constexpr std::int64_t max_path = 128;
constexpr std::int64_t max_local = 60;
constexpr int max_port = 65'535;
constexpr int max_length = std::numeric_limits<int>::max();
constexpr const char* section = "FTP 2";
// A server may take its time for each line before a transfer begins, and for the data connection.
constexpr at::Duration begin_limit = std::chrono::seconds(1000);

consteval at::Param named(std::string_view name, std::int64_t least, std::int64_t most) {
  return text(name, least, most).as(at::Shown::angled);
}

constexpr at::Param path = named("path", 1, max_path);
constexpr at::Param file = named("file", 1, max_path);
constexpr at::Param local = named("local", 1, max_local);
constexpr at::Param start = number("start", 0, max_length);

constexpr at::Param folder = named("directory", 0, max_path);
constexpr int max_piece = FtpPieceFromHost::max_length;

}  // namespace

const std::array<Command<Qftp>, Qftp::command_count>& Qftp::commands() {
  static constexpr std::array<Command<Qftp>, command_count> table{{
      {.name = "+QFTPOPEN",
       .params = {named("hostname", 1, max_host), number("port", 1, max_port).optional()},
       .write = &F::open,
       .malformed = &F::malformed,
       .shown = "<hostname>,<port>",
       .section = section,
       .source = Source::sibling,
       .summary = "Open a session and log in"},
      {.name = "+QFTPCLOSE",
       .exec = &F::close,
       .test = at::TestForm::bare,
       .section = section,
       .source = Source::sibling,
       .summary = "Close the session"},
      {.name = "+QFTPSTAT",
       .exec = &F::status,
       .test = at::TestForm::bare,
       .section = section,
       .source = Source::sibling,
       .summary = "State of the session: opening (0), idle, transferring, closing, closed (4)"},
      {.name = "+QFTPLEN",
       .exec = &F::length,
       .test = at::TestForm::bare,
       .section = section,
       .source = Source::sibling,
       .summary = "Bytes of the last transfer"},
      {.name = "+QFTPCWD",
       .params = {path},
       .write = &F::change_directory,
       .malformed = &F::malformed,
       .section = section,
       .source = Source::sibling,
       .summary = "Change the directory"},
      {.name = "+QFTPPWD",
       .exec = &F::directory,
       .test = at::TestForm::bare,
       .section = section,
       .source = Source::sibling,
       .summary = "Which directory it is"},
      {.name = "+QFTPPUT",
       .params = {file, local, start.optional(), number("upload_len", 1, max_piece).optional(),
                  at::choice("beof", {0, 1}).optional()},
       .limit = begin_limit,
       .write = &F::put,
       .malformed = &F::malformed,
       .section = section,
       .source = Source::sibling,
       .summary = "Send a file, from the port (\"COM:\") or a file of the module's"},
      {.name = "+QFTPGET",
       .params = {file, local.optional(), start.optional(),
                  number("download_len", 1, max_length).optional()},
       .limit = begin_limit,
       .write = &F::get,
       .malformed = &F::malformed,
       .section = section,
       .source = Source::sibling,
       .summary = "Fetch a file, to the port or to a file of the module's"},
      {.name = "+QFTPSIZE",
       .params = {file},
       .write = &F::size,
       .malformed = &F::malformed,
       .section = section,
       .source = Source::sibling,
       .summary = "Size of a file"},
      {.name = "+QFTPDEL",
       .params = {file},
       .write = &F::remove,
       .malformed = &F::malformed,
       .section = section,
       .source = Source::sibling,
       .summary = "Delete a file"},
      {.name = "+QFTPMKDIR",
       .params = {path},
       .write = &F::make_directory,
       .malformed = &F::malformed,
       .section = section,
       .source = Source::sibling,
       .summary = "Make a directory"},
      {.name = "+QFTPRMDIR",
       .params = {path},
       .write = &F::remove_directory,
       .malformed = &F::malformed,
       .section = section,
       .source = Source::sibling,
       .summary = "Remove a directory"},
      {.name = "+QFTPMDTM",
       .params = {file},
       .write = &F::modified,
       .malformed = &F::malformed,
       .section = section,
       .source = Source::sibling,
       .summary = "When a file was changed"},
      {.name = "+QFTPRENAME",
       .params = {named("old_name", 1, max_path), named("new_name", 1, max_path)},
       .write = &F::rename,
       .malformed = &F::malformed,
       .section = section,
       .source = Source::sibling,
       .summary = "Rename a file"},
      {.name = "+QFTPLIST",
       .params = {folder, local.optional()},
       .limit = begin_limit,
       .write = &F::list,
       .malformed = &F::malformed,
       .section = section,
       .source = Source::sibling,
       .summary = "List a directory"},
      {.name = "+QFTPNLIST",
       .params = {folder, local.optional()},
       .limit = begin_limit,
       .write = &F::name_list,
       .malformed = &F::malformed,
       .section = section,
       .source = Source::sibling,
       .summary = "List the names in a directory"},
      {.name = "+QFTPNLST",
       .params = {folder, local.optional()},
       .limit = begin_limit,
       .write = &F::name_list_short,
       .malformed = &F::malformed,
       .section = section,
       .source = Source::sibling,
       .summary = "As QFTPNLIST"},
      {.name = "+QFTPMLSD",
       .params = {folder, local.optional()},
       .limit = begin_limit,
       .write = &F::machine_list,
       .malformed = &F::malformed,
       .section = section,
       .source = Source::sibling,
       .summary = "List a directory for machines"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

}  // namespace data_services
