#include "ssl_ctx/qssl_commands.hpp"

#include "at_engine/text.hpp"
#include "codec/digest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

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
constexpr at::Param flag = choice("value", {0, 1}).optional();

constexpr at::Param number(std::string_view what, std::int64_t low, std::int64_t high) {
  return at::number(what, low, high).optional();
}
constexpr at::Param name(std::string_view what, std::int64_t max_bytes) {
  return text(what, 0, max_bytes).as(at::Shown::angled).optional();
}

constexpr Command<Qssl> row(std::string_view key, at::ParamList params,
                            Outcome (Qssl::*write)(const at::Args&), std::string_view summary) {
  return {.name = qsslcfg,
          .key = key,
          .params = params,
          .write = write,
          .section = "SSL",
          .source = Source::sibling,
          .summary = summary};
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

Outcome show(std::string_view key, const at::Args& args, std::string_view shown) {
  return Outcome::ok(fmt::format("{}: \"{}\",{},{}", qsslcfg, key, args.number(0), shown));
}

Outcome show_text(std::string_view key, const at::Args& args, std::string_view content) {
  return show(key, args, fmt::format("\"{}\"", content));
}

}  // namespace

template <Qssl::Key key, auto member>
constexpr Command<Qssl> Qssl::number_row(at::Param param, std::string_view summary) {
  return row(key, {ctx, param}, &Qssl::value<key, member>, summary);
}

template <Qssl::Key key, auto member>
constexpr Command<Qssl> Qssl::path_row(std::string_view param, std::string_view summary) {
  return row(key, {ctx, name(param, max_path)}, &Qssl::path<key, member>, summary);
}

const std::array<Command<Qssl>, Qssl::key_count>& Qssl::commands() {
  using S = Settings;
  static constexpr auto table = [] {
    std::array<Command<Qssl>, key_count> rows{{
        number_row<"sslversion", &S::sslversion>(
            number("version", 0, 4), "Versions offered: SSL 3.0, TLS 1.0, 1.1, 1.2, or all (4)"),
        number_row<"dtls", &S::dtls>(flag, "DTLS; MQTT has none, an open with it fails"),
        number_row<"dtlsversion", &S::dtlsversion>(
            flag, "DTLS 1.0 (0) or 1.2 (1); kept, without effect as long as there is no DTLS"),
        row("ciphersuite", {ctx, name("suites", max_suites_text)}, &Qssl::ciphersuite,
            "Cipher suites offered: up to seven codes joined with a colon, or 0XFFFF for all"),
        path_row<"cacert", &S::cacert>("cacertpath", "File with the CA certificates"),
        path_row<"cacertex", &S::cacertex>("cacertexpath", "File with more CA certificates"),
        path_row<"clientcert", &S::clientcert>("client_cert_path", "File with the own certificate"),
        row("clientkey", {ctx, name("client_key_path", max_path), name("key_pwd", max_password)},
            &Qssl::clientkey, "File with the own key, and its password, which is not shown"),
        number_row<"seclevel", &S::seclevel>(
            number("level", 0, 2),
            "No check (0), server checked (1), and own certificate sent (2)"),
        number_row<"ignorelocaltime", &S::ignorelocaltime>(
            flag, "Validity dates of certificates are not looked at"),
        number_row<"negotiatetime", &S::negotiatetime>(number("seconds", 10, 300),
                                                       "Limit of the handshake in seconds"),
        number_row<"sni", &S::sni>(flag, "Server name in the handshake"),
        row("psk", {ctx, name("identity", max_psk_identity), name("key", max_psk_digits)},
            &Qssl::psk, "Pre-shared key: its name, and the key as hex digits, which is not shown"),
        number_row<"closetimemode", &S::closetimemode>(
            flag,
            "Unit of the closing time of SSL sockets, seconds or ms; kept, without effect as "
            "long as there are no SSL sockets"),
        number_row<"session_cache", &S::session_cache>(flag, "Sessions are resumed"),
        row("alpn", {ctx, name("protocolname", max_protocol)}, &Qssl::alpn,
            "Application protocol offered"),
        number_row<"renegotiation", &S::renegotiation>(flag, "The server may renegotiate"),
        number_row<"ignoremulticertchainverify", &S::ignoremulticertchainverify>(
            flag, "A chain of several certificates is not followed to its root"),
        number_row<"ignoreinvalidcertsign", &S::ignoreinvalidcertsign>(
            flag, "Wrong signatures of certificates are overlooked"),
        number_row<"ignorecertitem", &S::ignorecertitem>(
            number("items", 0, certificate_faults), "Faults of a certificate to overlook, as bits"),
        number_row<"session", &S::session_cache>(flag, "Second spelling of \"session_cache\""),
    }};
    rows[3].shown = {listed.data(), listed.size()};
    rows.back().test = at::TestForm::bare;
    return rows;
  }();
  static_assert(at::well_formed(table));
  return table;
}

template <Qssl::Key key, auto member>
Outcome Qssl::value(const Args& args) {
  auto& setting = context(args).*member;
  if (!args.given(1)) return show(key, args, std::to_string(setting));
  setting = static_cast<std::remove_reference_t<decltype(setting)>>(args.number(1));
  return Outcome::ok();
}

template <Qssl::Key key, auto member>
Outcome Qssl::path(const Args& args) {
  auto& setting = context(args).*member;
  if (!args.given(1)) return show_text(key, args, setting);
  setting = at::trim(args.text_view(1));
  return Outcome::ok();
}

Outcome Qssl::ciphersuite(const Args& args) {
  auto& list = context(args).ciphersuites;
  if (!args.given(1)) return show("ciphersuite", args, print_suites(list));
  auto wanted = parse_suites(args.text(1));
  if (!wanted) return Outcome::error();
  list = *std::move(wanted);
  return Outcome::ok();
}

// reading: the password is not read back
Outcome Qssl::clientkey(const Args& args) {
  auto& settings = context(args);
  if (!args.given_from(1)) return show_text("clientkey", args, settings.clientkey);
  if (args.given(1)) settings.clientkey = at::trim(args.text_view(1));
  settings.key_password = args.given(2) ? args.text(2) : std::string{};
  return Outcome::ok();
}

// reading: the key is typed as hex digits and not read back; both empty take it away
Outcome Qssl::psk(const Args& args) {
  auto& settings = context(args);
  if (!args.given_from(1)) return show_text("psk", args, settings.psk_identity);
  if (!args.given_all(1, 2)) return Outcome::error();
  auto key = at::unhex(args.text(2));
  if (!key || args.text(1).empty() != key->empty()) return Outcome::error();
  settings.psk_identity = args.text(1);
  settings.psk_key = *std::move(key);
  return Outcome::ok();
}

Outcome Qssl::alpn(const Args& args) {
  auto& protocol = context(args).alpn;
  if (!args.given(1)) return show_text("alpn", args, protocol);
  protocol = args.text(1);
  return Outcome::ok();
}

}  // namespace ssl_ctx
