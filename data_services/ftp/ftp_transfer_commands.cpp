// AT+QFTPGET, QFTPPUT, QFTPLIST and the like: which end a transfer has here.
#include "at_engine/text.hpp"
#include "data_services/ftp/ftp_commands.hpp"
#include "data_services/ftp/ftp_file_data.hpp"
#include "data_services/ftp/ftp_host_data.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace data_services {

using at::Outcome;

namespace {

using namespace std::string_view_literals;

constexpr auto port_name = "COM:"sv;

Outcome refuse(FtpError error) { return Outcome::cme(code(error)); }

bool is_port(std::string_view local) { return at::equal_ignoring_case(local, port_name); }

std::uint64_t start_in(const at::Args& args, std::size_t i) {
  return static_cast<std::uint64_t>(args.number_or(i, 0));
}

}  // namespace

template <class End>
Outcome Qftp::at_port(const Call& call, std::string name, FtpTransfer::Request request,
                      const std::shared_ptr<End>& end) {
  session_.transfer(std::move(request), end, session_.result_line(call.asker, std::move(name)));
  return end->answer();
}

Outcome Qftp::download(const Call& call, std::string name, FtpTransfer::Request request,
                       const std::string& local) {
  const auto obstacle = session_.obstacle();
  if (obstacle != FtpError::none) return refuse(obstacle);
  if (is_port(local))
    return at_port(call, std::move(name), std::move(request), std::make_shared<FtpToHost>());
  auto& files = session_.files_of(local);
  const auto room = files.is_name(local) ? files.room_for(local) : std::nullopt;
  if (!room) return refuse(FtpError::file_open_failed);
  session_.transfer(std::move(request), std::make_shared<FtpToFile>(files, local, *room),
                    session_.result_line(call.asker, std::move(name)));
  return Outcome::ok();
}

Outcome Qftp::list_as(const Call& call, std::string_view name, std::string_view verb) {
  const auto directory = call.args.text(0);
  if (!directory.empty() && !at::is_printable(directory, true)) return malformed();
  FtpTransfer::Request request;
  request.command = directory.empty() ? std::string(verb) : fmt::format("{} {}", verb, directory);
  request.is_typed = false;
  return download(call, std::string(name), std::move(request),
                  call.args.given(1) ? call.args.text(1) : std::string(port_name));
}

Outcome Qftp::list(const Call& call) { return list_as(call, "+QFTPLIST", "LIST"); }
Outcome Qftp::name_list(const Call& call) { return list_as(call, "+QFTPNLIST", "NLST"); }
Outcome Qftp::name_list_short(const Call& call) { return list_as(call, "+QFTPNLST", "NLST"); }
Outcome Qftp::machine_list(const Call& call) { return list_as(call, "+QFTPMLSD", "MLSD"); }

// reading: without REST ("restenable" 0) a transfer begins at byte 0 or not at all
Outcome Qftp::get(const Call& call) {
  const auto& args = call.args;
  const auto file = args.text(0);
  if (!at::is_printable(file, true)) return malformed();
  FtpTransfer::Request request;
  request.command = "RETR " + file;
  request.start = start_in(args, 2);
  if (args.given(3)) request.length = static_cast<std::uint64_t>(args.number(3));
  if (request.start > 0 && !session_.settings().may_restart) return malformed();
  return download(call, "+QFTPGET", std::move(request),
                  args.given(1) ? args.text(1) : std::string(port_name));
}

Outcome Qftp::put(const Call& call) {
  const auto& args = call.args;
  const auto file = args.text(0);
  const auto local = args.text(1);
  if (!at::is_printable(file, true)) return malformed();
  FtpTransfer::Request request;
  request.command = "STOR " + file;
  request.is_upload = true;
  request.start = start_in(args, 2);
  if (request.start > 0 && !session_.settings().may_restart) return malformed();
  const auto obstacle = session_.obstacle();
  if (obstacle != FtpError::none) return refuse(obstacle);
  return is_port(local) ? put_from_host(call, std::move(request))
                        : put_file(call, std::move(request), local);
}

// reading: each piece is a transfer of its own, which begins where its <start> says; <beof> changes
// nothing
Outcome Qftp::put_from_host(const Call& call, FtpTransfer::Request request) {
  const auto& args = call.args;
  const auto timeout = std::chrono::seconds(session_.settings().reply_timeout_s);
  if (args.given(3))
    return at_port(
        call, "+QFTPPUT", std::move(request),
        std::make_shared<FtpPieceFromHost>(static_cast<std::size_t>(args.number(3)), timeout));
  return at_port(call, "+QFTPPUT", std::move(request), std::make_shared<FtpFromHost>());
}

/// From byte <start> on, so that an upload that broke off goes on there.
Outcome Qftp::put_file(const Call& call, FtpTransfer::Request request, const std::string& local) {
  auto& files = session_.files_of(local);
  auto content = files.is_name(local) ? files.content(local) : std::nullopt;
  if (!content) return refuse(FtpError::file_open_failed);
  if (request.start > content->size()) return refuse(FtpError::file_position);
  content->erase(0, request.start);
  if (call.args.given(3))
    content->resize(std::min(content->size(), static_cast<std::size_t>(call.args.number(3))));
  session_.transfer(std::move(request), std::make_shared<FtpFromFile>(*std::move(content)),
                    session_.result_line(call.asker, "+QFTPPUT"));
  return Outcome::ok();
}

}  // namespace data_services
