#include "ssl_ctx/qssl_commands.hpp"

#include "at_engine/setting.hpp"
#include "at_engine/text.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>

namespace ssl_ctx {

using at::choice;
using at::Command;
using at::Outcome;
using at::Source;
using at::text;

namespace {

constexpr std::string_view qsslcfg = "+QSSLCFG";
constexpr std::int64_t max_path = 80;
constexpr std::int64_t max_password = 128;
constexpr std::int64_t max_psk_identity = 128;
constexpr std::int64_t max_psk_digits = 128;
constexpr std::int64_t max_protocol = 255;
constexpr std::int64_t max_suites_text = 7 * max_suites;  // "0XFFFF" and a colon, for each
constexpr std::int64_t certificate_faults = (1 << 20) - 1;

constexpr at::Param ctx = at::number("ctx_id", 0, context_count - 1);
constexpr at::Param flag = choice("value", {0, 1});

constexpr at::Param name(std::string_view what, std::int64_t max_bytes) {
  return text(what, 0, max_bytes).as(at::Shown::angled);
}

constexpr std::string_view hex_digits = "0123456789ABCDEF";

constexpr auto listed = [] {
  constexpr std::string_view before = "(0-5),(";
  constexpr std::string_view after = "0XFFFF)";
  constexpr std::size_t each = 7;
  std::array<char, before.size() + each * listed_suites + after.size()> line{};
  auto* out = std::copy(before.begin(), before.end(), line.begin());
  for (std::size_t i = 0; i < listed_suites; ++i) {
    *out++ = '0';
    *out++ = 'X';
    for (const unsigned shift : {12U, 8U, 4U, 0U})
      *out++ = hex_digits[(suites[i].code >> shift) & 0xFU];
    *out++ = ',';
  }
  std::copy(after.begin(), after.end(), out);
  return line;
}();

using Key = at::Setting<Settings>;
using S = Settings;
using at::field;
using at::number;

/// The note's own example has a blank between the quote and the name.
bool settle_paths(S& settings) {
  for (auto* path : {&settings.cacert, &settings.cacertex, &settings.clientcert})
    *path = at::trim(*path);
  return true;
}

/// In the order of `=?`, and last a second spelling, which it leaves out. Keys without fields have
/// handlers of their own.
constexpr std::array<Key, Qssl::key_count> keys{{
    {.key = "sslversion",
     .fields = {field<&S::sslversion>(number("version", 0, 4))},
     .summary = "Versions offered: SSL 3.0, TLS 1.0, 1.1, 1.2, or all (4)"},
    {.key = "dtls",
     .fields = {field<&S::dtls>(flag)},
     .summary = "DTLS; MQTT has none, an open with it fails"},
    {.key = "dtlsversion",
     .fields = {field<&S::dtlsversion>(flag)},
     .summary = "DTLS 1.0 (0) or 1.2 (1); kept, without effect as long as there is no DTLS"},
    {.key = "ciphersuite",
     .fields = {},
     .summary = "Cipher suites offered: up to seven codes joined with a colon, or 0XFFFF for all"},
    {.key = "cacert",
     .fields = {field<&S::cacert>(name("cacertpath", max_path))},
     .summary = "File with the CA certificates",
     .settle = settle_paths},
    {.key = "cacertex",
     .fields = {field<&S::cacertex>(name("cacertexpath", max_path))},
     .summary = "File with more CA certificates",
     .settle = settle_paths},
    {.key = "clientcert",
     .fields = {field<&S::clientcert>(name("client_cert_path", max_path))},
     .summary = "File with the own certificate",
     .settle = settle_paths},
    {.key = "clientkey",
     .fields = {},
     .summary = "File with the own key, and its password, which is not shown"},
    {.key = "seclevel",
     .fields = {field<&S::seclevel>(number("level", 0, 2))},
     .summary = "No check (0), server checked (1), and own certificate sent (2)"},
    {.key = "ignorelocaltime",
     .fields = {field<&S::ignorelocaltime>(flag)},
     .summary = "Validity dates of certificates are not looked at"},
    {.key = "negotiatetime",
     .fields = {field<&S::negotiatetime>(number("seconds", 10, 300))},
     .summary = "Limit of the handshake in seconds"},
    {.key = "sni", .fields = {field<&S::sni>(flag)}, .summary = "Server name in the handshake"},
    {.key = "psk",
     .fields = {},
     .summary = "Pre-shared key: its name, and the key as hex digits, which is not shown"},
    {.key = "closetimemode",
     .fields = {field<&S::closetimemode>(flag)},
     .summary = "Unit of the closing time of SSL sockets, seconds or ms; kept, without effect as "
                "long as there are no SSL sockets"},
    {.key = "session_cache",
     .fields = {field<&S::session_cache>(flag)},
     .summary = "Sessions are resumed"},
    {.key = "alpn",
     .fields = {field<&S::alpn>(name("protocolname", max_protocol))},
     .summary = "Application protocol offered"},
    {.key = "renegotiation",
     .fields = {field<&S::renegotiation>(flag)},
     .summary = "The server may renegotiate"},
    {.key = "ignoremulticertchainverify",
     .fields = {field<&S::ignoremulticertchainverify>(flag)},
     .summary = "A chain of several certificates is not followed to its root"},
    {.key = "ignoreinvalidcertsign",
     .fields = {field<&S::ignoreinvalidcertsign>(flag)},
     .summary = "Wrong signatures of certificates are overlooked"},
    {.key = "ignorecertitem",
     .fields = {field<&S::ignorecertitem>(number("items", 0, certificate_faults))},
     .summary = "Faults of a certificate to overlook, as bits"},
    {.key = "session",
     .fields = {field<&S::session_cache>(flag)},
     .summary = "Second spelling of \"session_cache\""},
}};

Outcome show(const at::Args& args, std::string_view shown) {
  return Outcome::ok(fmt::format("{}: \"{}\",{},{}", qsslcfg, args.key(), args.number(0), shown));
}

}  // namespace

const std::array<Command<Qssl>, Qssl::key_count>& Qssl::commands() {
  static const auto table = [] {
    std::array<Command<Qssl>, key_count> rows;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto& key = keys[i];
      auto& row = rows[i] = {.name = qsslcfg,
                             .key = key.key,
                             .params = key.params({ctx}),
                             .write = &Qssl::configure,
                             .section = "SSL",
                             .source = Source::sibling,
                             .summary = key.summary};
      if (key.key == "ciphersuite") {
        row.params = {ctx, name("suites", max_suites_text).optional()};
        row.write = &Qssl::ciphersuite;
        row.shown = {listed.data(), listed.size()};
      } else if (key.key == "clientkey") {
        row.params = {ctx, name("client_key_path", max_path).optional(),
                      name("key_pwd", max_password).optional()};
        row.write = &Qssl::clientkey;
      } else if (key.key == "psk") {
        row.params = {ctx, name("identity", max_psk_identity).optional(),
                      name("key", max_psk_digits).optional()};
        row.write = &Qssl::psk;
      }
    }
    rows.back().test = at::TestForm::bare;
    return rows;
  }();
  return table;
}

void Qssl::snapshot(at::Memo& memo) {
  if (memo.restoring()) contexts_.forget_sessions();
  memo.list("ssl_contexts", contexts_.all(), [&](Settings& settings) {
    if (memo.restoring()) settings = {};
    // The second spelling is the same setting.
    for (const auto& key : keys)
      if (key.key != "session") key.snapshot(memo, settings);
    auto chosen_suites = print_suites(settings.ciphersuites);
    memo.text("ciphersuite", chosen_suites, text("ciphersuite", 4, max_suites_text));
    const auto chosen = parse_suites(chosen_suites);
    memo.require(chosen.has_value(), "ciphersuite", "is no list of cipher suites");
    if (memo.restoring() && chosen) settings.ciphersuites = *chosen;
    memo.text("clientkey", settings.clientkey, name("clientkey", max_path));
    memo.text("key_pwd", settings.key_password, name("key_pwd", max_password));
    memo.text("psk_identity", settings.psk_identity, name("psk_identity", max_psk_identity));
    memo.text("psk_key", settings.psk_key, name("psk_key", max_psk_digits / 2));
  });
}

Outcome Qssl::configure(const Args& args) {
  const auto& key = *std::find_if(keys.begin(), keys.end(),
                                  [&](const Key& each) { return each.key == args.key(); });
  auto& settings = context(args);
  if (!args.given(1)) return show(args, key.values(settings));
  return key.set(settings, args, 1) ? Outcome::ok() : Outcome::error();
}

Outcome Qssl::ciphersuite(const Args& args) {
  auto& list = context(args).ciphersuites;
  if (!args.given(1)) return show(args, print_suites(list));
  if (args.quoted(1)) return Outcome::error();
  auto wanted = parse_suites(args.text(1));
  if (!wanted) return Outcome::error();
  list = *std::move(wanted);
  return Outcome::ok();
}

// reading: the password is not read back
Outcome Qssl::clientkey(const Args& args) {
  auto& settings = context(args);
  if (!args.given_from(1)) return show(args, fmt::format("\"{}\"", settings.clientkey));
  if (args.given(1)) settings.clientkey = at::trim(args.text_view(1));
  settings.key_password = args.given(2) ? args.text(2) : std::string{};
  return Outcome::ok();
}

// reading: the key is typed as hex digits and not read back; both empty take it away
Outcome Qssl::psk(const Args& args) {
  auto& settings = context(args);
  if (!args.given_from(1)) return show(args, fmt::format("\"{}\"", settings.psk_identity));
  if (!args.given_all(1, 2)) return Outcome::error();
  auto key = at::unhex(args.text(2));
  if (!key || args.text(1).empty() != key->empty()) return Outcome::error();
  settings.psk_identity = args.text(1);
  settings.psk_key = *std::move(key);
  return Outcome::ok();
}

}  // namespace ssl_ctx
