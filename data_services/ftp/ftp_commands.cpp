#include "data_services/ftp/ftp_commands.hpp"

#include "at_engine/text.hpp"

#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace data_services {

using at::Outcome;

namespace {

constexpr int usual_port = 21;
constexpr int implicit_tls_port = 990;
constexpr int directory_made = 257;
constexpr int file_status = 213;

Outcome refuse(FtpError error) { return Outcome::cme(code(error)); }

std::optional<std::string> zero(const FtpReply&) { return "0"; }

std::optional<std::string> path_in(const FtpReply& reply) {
  if (reply.code != directory_made) return std::nullopt;
  const auto path = quoted_path(reply.text);
  if (!path) return std::nullopt;
  return '"' + *path + '"';
}

/// Digits of a 213; of a time without its fraction.
std::optional<std::string> digits_in(const FtpReply& reply) {
  if (reply.code != file_status) return std::nullopt;
  const auto text = at::trim(reply.text);
  const auto end = text.find_first_not_of("0123456789");
  if (end == 0 || text.empty()) return std::nullopt;
  return std::string(text.substr(0, end));
}

std::optional<std::string> size_in(const FtpReply& reply) {
  auto digits = digits_in(reply);
  if (!digits || !at::parse_number(*digits)) return std::nullopt;  // no file is that long
  return digits;
}

std::optional<std::string> time_in(const FtpReply& reply) {
  const auto digits = digits_in(reply);
  if (!digits) return std::nullopt;
  return '"' + *digits + '"';
}

}  // namespace

Outcome Qftp::malformed() { return refuse(FtpError::invalid_parameter); }

Outcome Qftp::open(const Call& call) {
  const auto host = call.args.text(0);
  if (!at::is_printable(host)) return malformed();
  const auto obstacle = session_.obstacle_of_open();
  if (obstacle != FtpError::none) return refuse(obstacle);
  const bool is_implicit = session_.settings().security == FtpSettings::implicit_tls;
  const int port = call.args.number_or(1, is_implicit ? implicit_tls_port : usual_port);
  session_.open(host, static_cast<std::uint16_t>(port),
                session_.result_line(call.asker, "+QFTPOPEN"));
  return Outcome::ok();
}

Outcome Qftp::close(const Call& call) {
  const auto obstacle = session_.obstacle_of_close();
  if (obstacle != FtpError::none) return refuse(obstacle);
  session_.close(session_.result_line(call.asker, "+QFTPCLOSE"));
  return Outcome::ok();
}

/// Tells whatever goes on; but not of a session that is good for nothing but QFTPCLOSE (FTP-11).
Outcome Qftp::status(const Call& call) {
  if (session_.is_stuck()) return refuse(FtpError::busy);
  session_.tell(call.asker, "+QFTPSTAT", std::to_string(static_cast<int>(session_.state())));
  return Outcome::ok();
}

Outcome Qftp::length(const Call& call) {
  const auto obstacle = session_.obstacle();
  if (obstacle != FtpError::none) return refuse(obstacle);
  session_.tell(call.asker, "+QFTPLEN", std::to_string(session_.transferred()));
  return Outcome::ok();
}

Outcome Qftp::exchange(const Call& call, std::string name, FtpSession::Exchange exchange) {
  const auto obstacle = session_.obstacle();
  if (obstacle != FtpError::none) return refuse(obstacle);
  session_.exchange(std::move(exchange), session_.result_line(call.asker, std::move(name)));
  return Outcome::ok();
}

Outcome Qftp::with_path(const Call& call, std::string_view name, std::string_view verb) {
  const auto path = call.args.text(0);
  if (!at::is_printable(path, true)) return malformed();
  return exchange(call, std::string(name), {{fmt::format("{} {}", verb, path)}, zero});
}

Outcome Qftp::change_directory(const Call& call) { return with_path(call, "+QFTPCWD", "CWD"); }
Outcome Qftp::remove(const Call& call) { return with_path(call, "+QFTPDEL", "DELE"); }
Outcome Qftp::make_directory(const Call& call) { return with_path(call, "+QFTPMKDIR", "MKD"); }
Outcome Qftp::remove_directory(const Call& call) { return with_path(call, "+QFTPRMDIR", "RMD"); }

Outcome Qftp::directory(const Call& call) { return exchange(call, "+QFTPPWD", {{"PWD"}, path_in}); }

/// Of a file as it would be transferred.
Outcome Qftp::size(const Call& call) {
  const auto file = call.args.text(0);
  if (!at::is_printable(file, true)) return malformed();
  const auto* const type = session_.settings().ascii ? "TYPE A" : "TYPE I";
  return exchange(call, "+QFTPSIZE", {{type, "SIZE " + file}, size_in});
}

Outcome Qftp::modified(const Call& call) {
  const auto file = call.args.text(0);
  if (!at::is_printable(file, true)) return malformed();
  return exchange(call, "+QFTPMDTM", {{"MDTM " + file}, time_in});
}

Outcome Qftp::rename(const Call& call) {
  const auto from = call.args.text(0);
  const auto to = call.args.text(1);
  if (!at::is_printable(from, true) || !at::is_printable(to, true)) return malformed();
  return exchange(call, "+QFTPRENAME", {{"RNFR " + from, "RNTO " + to}, zero});
}

}  // namespace data_services
