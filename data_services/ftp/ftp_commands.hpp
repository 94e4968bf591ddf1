// AT+QFTP* (data services 9): declarations, and the handlers that turn arguments into operations of
// the one FTP session. What cannot begin is +CME ERROR: 6xx; else OK, and a result line later.
// Owned by the Modem.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "data_services/ftp/ftp_session.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace data_services {

class Qftp {
 public:
  static constexpr std::size_t command_count = 18;
  static constexpr std::size_t key_count = 9;

  explicit Qftp(FtpSession& session) : session_(session) {}

  static const std::array<at::Command<Qftp>, command_count>& commands();
  /// The keys of QFTPCFG, in the order of its `=?`.
  static const std::array<at::Command<Qftp>, key_count>& config_commands();
  /// What AT+QFTPCFG has set.
  static void snapshot(at::Memo& memo, FtpSettings& settings);

 private:
  using Args = at::Args;
  using Call = at::Call;
  using Outcome = at::Outcome;

  Outcome open(const Call& call);
  Outcome close(const Call& call);
  Outcome status(const Call& call);
  Outcome length(const Call& call);
  Outcome change_directory(const Call& call);
  Outcome directory(const Call& call);
  Outcome size(const Call& call);
  Outcome modified(const Call& call);
  Outcome remove(const Call& call);
  Outcome make_directory(const Call& call);
  Outcome remove_directory(const Call& call);
  Outcome rename(const Call& call);
  Outcome list(const Call& call);
  Outcome name_list(const Call& call);
  Outcome name_list_short(const Call& call);
  Outcome machine_list(const Call& call);
  Outcome get(const Call& call);
  Outcome put(const Call& call);
  Outcome configure(const Args& args);
  Outcome malformed();

  /// A verb with the path that was given.
  [[nodiscard]] Outcome with_path(const Call& call, std::string_view name, std::string_view verb);
  [[nodiscard]] Outcome exchange(const Call& call, std::string name, FtpSession::Exchange exchange);
  [[nodiscard]] Outcome list_as(const Call& call, std::string_view name, std::string_view verb);
  [[nodiscard]] Outcome download(const Call& call, std::string name, FtpTransfer::Request request,
                                 const std::string& local);
  [[nodiscard]] Outcome put_file(const Call& call, FtpTransfer::Request request,
                                 const std::string& local);
  [[nodiscard]] Outcome put_from_host(const Call& call, FtpTransfer::Request request);
  template <class End>
  [[nodiscard]] Outcome at_port(const Call& call, std::string name, FtpTransfer::Request request,
                                const std::shared_ptr<End>& end);

  FtpSession& session_;
};

}  // namespace data_services
