// AT+QFTPCFG: what is set for the FTP session, one row a key (FTP-1, FTP-2).
#include "at_engine/setting.hpp"
#include "at_engine/text.hpp"
#include "data_services/ftp/ftp_commands.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace data_services {
namespace {

using at::choice;
using at::field;
using at::number;
using S = FtpSettings;
using Key = at::Setting<FtpSettings>;

constexpr std::string_view account = "account";
constexpr std::int64_t max_account = 100;

constexpr at::Param flag = choice("value", {0, 1});
consteval at::Param name(std::string_view what) {
  return at::text(what, 0, max_account).as(at::Shown::angled);
}

bool settle_account(S& settings) {
  return at::is_printable(settings.username, true) &&
         (settings.password.empty() || at::is_printable(settings.password, true));
}

constexpr std::array<Key, Qftp::key_count> keys{{
    {.key = account,
     .fields = {field<&S::username>(name("username")), field<&S::password>(name("password"))},
     .summary = "Who logs in; the password is not read back",
     .settle = settle_account},
    {.key = "filetype",
     .fields = {field<&S::ascii>(flag)},
     .summary = "Files are transferred as they are, or as text"},
    {.key = "transmode",
     .fields = {field<&S::passive>(flag)},
     .summary =
         "Data connections come from the server (0) or from the module (1), with TLS always"},
    {.key = "contextid",
     .fields = {field<&S::cid>(number("contextid", 1, 15))},
     .summary = "Context that the session goes through"},
    {.key = "rsptimeout",
     .fields = {field<&S::reply_timeout_s>(number("seconds", 20, 180))},
     .summary = "How long the server may be silent"},
    {.key = "ssltype",
     .fields = {field<&S::security>(number("type", 0, 2))},
     .summary = "No TLS, TLS from the first byte on (port 990), or from AUTH TLS on"},
    {.key = "sslctxid",
     .fields = {field<&S::ssl_ctx>(number("ctx_id", 0, ssl_ctx::context_count - 1))},
     .summary = "SSL context of sessions with TLS"},
    {.key = "data_address",
     .fields = {field<&S::data_address>(number("choice", 0, 2)),
                field<&S::data_timeout_s>(number("seconds", 15, 50))},
     .summary = "Data go to the address that the server tells, to that of the control connection, "
                "or there if not here; and the limit of a try"},
    {.key = "restenable",
     .fields = {field<&S::may_restart>(flag)},
     .summary = "A transfer may begin behind the first byte"},
}};

/// Each character of a password is shown as a star.
std::string shown_account(const S& settings) {
  return fmt::format("\"{}\",\"{}\"", settings.username,
                     std::string(settings.password.size(), '*'));
}

}  // namespace

const std::array<at::Command<Qftp>, Qftp::key_count>& Qftp::config_commands() {
  static const auto table = [] {
    std::array<at::Command<Qftp>, key_count> rows;
    for (std::size_t i = 0; i < keys.size(); ++i)
      rows[i] = {.name = "+QFTPCFG",
                 .key = keys[i].key,
                 .params = keys[i].params({}),
                 .write = &Qftp::configure,
                 .malformed = &Qftp::malformed,
                 .section = "FTP 2.1",
                 .source = at::Source::sibling,
                 .summary = keys[i].summary};
    return rows;
  }();
  return table;
}

at::Outcome Qftp::configure(const Args& args) {
  const auto& key = *std::find_if(keys.begin(), keys.end(),
                                  [&](const Key& each) { return each.key == args.key(); });
  auto& settings = session_.settings();
  if (args.given_from(0)) return key.set(settings, args, 0) ? Outcome::ok() : malformed();
  return Outcome::ok(
      fmt::format("+QFTPCFG: \"{}\",{}", key.key,
                  key.key == account ? shown_account(settings) : key.values(settings)));
}

void Qftp::snapshot(at::Memo& memo, FtpSettings& settings) {
  memo.enter("ftp");
  if (memo.restoring()) settings = {};
  for (const auto& key : keys) key.snapshot(memo, settings);
  memo.leave();
}

}  // namespace data_services
