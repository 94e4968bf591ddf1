// What +QMTOPEN says for every version, level and trouble of certificates, keys, suites and
// servers.
#include "tests/integration/tls/matrix.hpp"

#include <array>

#include <catch2/catch.hpp>

using namespace tls;

namespace {

constexpr int client_count = 6;
const std::string q = "\"";

Settings set(const std::string& key, const std::string& value) { return {{key, value}}; }
Settings ca(const std::string& file) { return set("cacert", q + file + q); }
Settings suites(const std::string& codes) { return set("ciphersuite", codes); }
Settings key(const std::string& file) { return set("clientkey", q + file + q); }
Settings key(const std::string& file, const std::string& password) {
  return set("clientkey", q + file + "\",\"" + password + q);
}
Settings own(const std::string& certificate, const std::string& file) {
  return {{"clientcert", q + certificate + q}, {"clientkey", q + file + q}};
}
Settings checked_time(Settings settings = {}) {
  settings["ignorelocaltime"] = "0";
  return settings;
}
Settings operator+(Settings some, const Settings& more) {
  for (const auto& [name, value] : more) some[name] = value;
  return some;
}

const std::string password(support::Certificates::password);

const Servers::Kinds kinds{
    {"any version", {}},
    {"TLS 1.0", {.options = {"-tls1"}}},
    {"TLS 1.1", {.options = {"-tls1_1"}}},
    {"TLS 1.2", {.options = {"-tls1_2"}}},
    {"TLS 1.3", {.options = {"-tls1_3"}}},
    {"expired", {.certificate = "expired.pem"}},
    {"not yet valid", {.certificate = "not_yet.pem"}},
    {"wrong name", {.certificate = "wrong_name.pem"}},
    {"self-signed", {.certificate = "self_signed.pem"}},
    {"forged", {.certificate = "forged.pem"}},
    {"leaf alone", {.certificate = "leaf.pem"}},
    {"leaf and chain",
     {.certificate = "leaf.pem", .options = {"-cert_chain", "@intermediate.pem"}}},
    {"RSA 1024, SHA-1", {.certificate = "weak.pem", .key = "weak.key"}},
    {"ECDSA", {.certificate = "ec.pem", .key = "ec.key"}},
    {"AES256-SHA alone", {.options = {"-cipher", "AES256-SHA:@SECLEVEL=0"}}},
    {"ECDHE alone", {.options = {"-cipher", "ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"}}},
    {"mutual", {.options = {"-Verify", "3", "-verify_return_error", "-CAfile", "@ca.pem"}}},
    {"speaks MQTT", {.options = {"-alpn", "mqtt"}}},
    {"PSK", {.certificate = "", .options = {"-nocert", "-psk", "00ff10", "-psk_identity", "m-1"}}},
};

/// What can be wrong whatever the version, and what the open says at each "seclevel".
struct Trouble {
  std::string what;
  std::string server;
  Settings settings;
  std::array<int, 3> expected;
};

/// Every version at every level with each trouble.
std::vector<Row> grid() {
  const std::vector<Trouble> troubles{
      {"none", "any version", {}, {good, good, good}},
      {"unknown CA", "any version", ca("other_ca.pem"), {good, failed, failed}},
      {"expired", "expired", checked_time(), {good, failed, failed}},
      {"not yet valid", "not yet valid", checked_time(), {good, failed, failed}},
      {"wrong name", "wrong name", {}, {good, good, good}},
      {"wrong name, sni", "wrong name", set("sni", "1"), {good, failed, failed}},
      {"missing client certificate",
       "mutual",
       own("none.pem", "client.key"),
       {failed, failed, failed}},
      {"client certificate wanted", "mutual", {}, {failed, failed, good}},
      {"wrong key", "any version", key("server.key"), {good, good, failed}},
      {"weak key: RSA 1024, SHA-1", "RSA 1024, SHA-1", {}, {good, good, good}},
      {"no common suite", "AES256-SHA alone", suites("0X002F"), {failed, failed, failed}},
  };
  std::vector<Row> all;
  for (const auto& trouble : troubles)
    for (const int version : {1, 2, tls_1_2, any})
      for (int level = 0; level <= 2; ++level)
        all.push_back({trouble.what, version, level, trouble.server, trouble.settings,
                       trouble.expected[static_cast<std::size_t>(level)]});
  return all;
}

std::vector<Row> rows() {
  std::vector<Row> all = grid();
  const auto add = [&](const std::vector<Row>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  add({
      // Everything is right.
      {"good", any, 0, "mosquitto", {}, good},
      {"good", any, 1, "mosquitto", {}, good},
      {"good", any, 2, "mosquitto", {}, good},
      {"good", tls_1_2, 2, "mosquitto, mutual", {}, good},
      {"good", any, 2, "mosquitto, mutual", {}, good},

      // Versions.
      {"SSL 3.0 asked for", 0, 0, "any version", {}, failed},
      {"SSL 3.0 asked for", 0, 1, "any version", {}, failed},
      {"SSL 3.0 asked for", 0, 2, "any version", {}, failed},
      {"version refused by server", 1, 0, "TLS 1.2", {}, failed},
      {"version refused by server", 2, 1, "TLS 1.2", {}, failed},
      {"version refused by server", tls_1_2, 0, "TLS 1.0", {}, failed},
      {"version refused by server", tls_1_2, 1, "TLS 1.1", {}, failed},
      {"version refused by server", any, 0, "TLS 1.3", {}, failed},
      {"old server", any, 1, "TLS 1.0", {}, good},
      {"old server", any, 2, "TLS 1.1", {}, good},
      {"old server", 1, 1, "TLS 1.0", {}, good},
      {"old server", 2, 1, "TLS 1.1", {}, good},
      {"DTLS asked for", any, 0, "any version", set("dtls", "1"), failed},
      {"DTLS asked for", tls_1_2, 1, "any version", set("dtls", "1") + set("dtlsversion", "1"),
       failed},
  });
  add({
      // Whom the module trusts.
      {"unknown CA", any, 1, "mosquitto", ca("other_ca.pem"), failed},
      {"unknown CA, overlooked", any, 1, "any version",
       ca("other_ca.pem") + set("ignorecertitem", "8"), good},
      {"unknown CA, another fault overlooked", any, 1, "any version",
       ca("other_ca.pem") + set("ignorecertitem", "1"), failed},
      {"self-signed server", any, 0, "self-signed", {}, good},
      {"self-signed server", any, 1, "self-signed", {}, failed},
      {"self-signed server, given as CA", any, 1, "self-signed", ca("self_signed.pem"), good},
      {"expired, time ignored", any, 1, "expired", {}, good},
      {"expired, time ignored", tls_1_2, 2, "expired", {}, good},
      {"expired, overlooked", any, 1, "expired", checked_time(set("ignorecertitem", "1")), good},
      {"not yet valid, time ignored", any, 1, "not yet valid", {}, good},
      {"not yet valid, time ignored", tls_1_2, 2, "not yet valid", {}, good},
      {"good, time checked", any, 1, "any version", checked_time(), good},
      {"forged signature", any, 0, "forged", {}, good},
      {"forged signature", any, 1, "forged", {}, failed},
      {"forged signature, overlooked", any, 1, "forged", set("ignoreinvalidcertsign", "1"), good},
  });
  add({
      // Files of the CA.
      {"CA not named", any, 0, "any version", ca(""), good},
      {"CA not named", any, 1, "any version", ca(""), failed},
      {"CA file missing", any, 0, "any version", ca("none.pem"), good},
      {"CA file missing", any, 1, "any version", ca("none.pem"), failed},
      {"CA file missing", tls_1_2, 2, "any version", ca("UFS:none.pem"), failed},
      {"CA file with UFS:", any, 1, "any version", ca("UFS:ca.pem"), good},
      {"CA file broken", any, 0, "any version", ca("broken.pem"), good},
      {"CA file broken", any, 1, "any version", ca("broken.pem"), failed},
      {"CA file empty", any, 1, "any version", ca("empty.pem"), failed},
      {"CA file is a key", any, 1, "any version", ca("client.key"), failed},
      {"CA in DER", any, 1, "any version", ca("ca.der"), good},
      {"CA with CR LF and remarks", any, 1, "any version", ca("ca_crlf.pem"), good},
      {"CA second in its file", any, 1, "any version", ca("both_ca.pem"), good},
      {"CA in cacertex", any, 1, "any version", ca("other_ca.pem") + set("cacertex", "\"ca.pem\""),
       good},
      {"cacertex missing", any, 1, "any version", set("cacertex", "\"none.pem\""), failed},
      {"cacertex is a key", any, 1, "any version", set("cacertex", "\"client.key\""), failed},
      {"chain sent", any, 1, "leaf and chain", {}, good},
      {"chain sent", tls_1_2, 2, "leaf and chain", {}, good},
      {"chain not sent", any, 0, "leaf alone", {}, good},
      {"chain not sent", any, 1, "leaf alone", {}, failed},
      {"chain not sent, but known", any, 1, "leaf alone", set("cacertex", "\"intermediate.pem\""),
       good},
      {"intermediate alone as CA", any, 1, "leaf alone", ca("intermediate.pem"), failed},
      {"intermediate alone, chain not verified", any, 1, "leaf alone",
       ca("intermediate.pem") + set("ignoremulticertchainverify", "1"), good},
  });
  add({
      // The module's own certificate.
      {"own certificate wanted", tls_1_2, 0, "mosquitto, mutual", {}, failed},
      {"own certificate wanted", tls_1_2, 1, "mosquitto, mutual", {}, failed},
      {"own certificate wanted", any, 1, "mosquitto, mutual", {}, failed},
      {"own certificate wanted", 1, 1, "mutual", {}, failed},
      {"own certificate wanted", 2, 2, "mutual", {}, good},
      {"of another CA", tls_1_2, 2, "mosquitto, mutual", own("other_client.pem", "client.key"),
       failed},
      {"of another CA", any, 2, "mutual", own("other_client.pem", "client.key"), failed},
      {"of another CA, not asked for", any, 2, "any version", own("other_client.pem", "client.key"),
       good},
      {"with its chain", any, 2, "mosquitto, mutual", own("client_chain.pem", "client.key"), good},
      {"ECDSA", any, 2, "mosquitto, mutual", own("client_ec.pem", "client_ec.key"), good},
      {"in DER", any, 2, "mosquitto, mutual", own("client.der", "client.key.der"), good},
      {"certificate missing", any, 2, "any version", own("none.pem", "client.key"), failed},
      {"certificate not named", any, 2, "any version", own("", "client.key"), failed},
      {"certificate is a key", any, 2, "any version", own("client.key", "client.key"), failed},
      {"certificate broken", any, 2, "any version", own("broken.pem", "client.key"), failed},
      {"key missing", any, 2, "any version", key("none.key"), failed},
      {"key missing, not needed", any, 1, "any version", key("none.key"), good},
      {"key not named", any, 2, "any version", key(""), failed},
      {"key is a certificate", any, 2, "any version", key("client.pem"), failed},
      {"key of another kind", any, 2, "any version", key("client_ec.key"), failed},
      {"key in its traditional form", any, 2, "mosquitto, mutual", key("client_rsa.key"), good},
      {"key in clear, needless password", any, 2, "mosquitto, mutual", key("client.key", "x"),
       good},
      {"encrypted key", any, 2, "mosquitto, mutual", key("client_enc.key", password), good},
      {"encrypted key, wrong password", any, 2, "mosquitto, mutual",
       key("client_enc.key", "open sesamE"), failed},
      {"encrypted key, no password", any, 2, "mosquitto, mutual", key("client_enc.key"), failed},
      {"encrypted traditional key", tls_1_2, 2, "mosquitto, mutual",
       key("client_enc_rsa.key", password), good},
      {"encrypted traditional key, wrong password", tls_1_2, 2, "mosquitto, mutual",
       key("client_enc_rsa.key", "x"), failed},
      {"encrypted traditional key, no password", tls_1_2, 2, "mosquitto, mutual",
       key("client_enc_rsa.key"), failed},
      {"encrypted key in DER", any, 2, "mosquitto, mutual", key("client_enc.key.der", password),
       good},
  });
  add({
      // Suites.
      {"RSA key exchange", tls_1_2, 1, "any version", suites("0X0035"), good},
      {"RSA key exchange", 1, 1, "TLS 1.0", suites("0X002F"), good},
      {"the one suite of the server", any, 1, "AES256-SHA alone", suites("0X0035"), good},
      {"no common suite", tls_1_2, 0, "AES256-SHA alone", suites("0XC02F"), failed},
      {"no common suite", any, 1, "AES256-SHA alone", suites("0XC02F:0XC030:0X002F"), failed},
      {"no common suite", tls_1_2, 1, "ECDHE alone", suites("0X0035"), failed},
      {"one of several in common", tls_1_2, 1, "AES256-SHA alone", suites("0XC02F:0X0035"), good},
      {"suite of TLS 1.2 under TLS 1.1", 2, 0, "any version", suites("0XC02F"), failed},
      {"suite not in OpenSSL", any, 0, "any version", suites("0X0005"), failed},
      {"suite not in OpenSSL", tls_1_2, 1, "any version", suites("0X0004"), failed},
      {"suite not in OpenSSL, and one that is", tls_1_2, 1, "any version", suites("0X0005:0X0035"),
       good},
      {"ECDSA server", any, 1, "ECDSA", {}, good},
      {"ECDSA server", tls_1_2, 1, "ECDSA", suites("0XC02B"), good},
      {"ECDSA server", any, 2, "ECDSA", suites("0XC009"), good},
      {"ECDSA server, suites of RSA", any, 1, "ECDSA", suites("0XC02F:0X0035"), failed},
      {"ChaCha20", tls_1_2, 1, "any version", suites("0XCCA8"), good},
      {"pre-shared key", tls_1_2, 0, "PSK", suites("0X00A8") + set("psk", "\"m-1\",\"00ff10\""),
       good},
      {"pre-shared key, wrong", tls_1_2, 0, "PSK",
       suites("0X00A8") + set("psk", "\"m-1\",\"00ff11\""), failed},
      {"pre-shared key, not set", tls_1_2, 0, "PSK", suites("0X00A8"), failed},

      // Whom the module meets.
      {"protocol name of the server", any, 1, "speaks MQTT", set("alpn", "\"mqtt\""), good},
      {"another protocol name", any, 1, "speaks MQTT", set("alpn", "\"http\""), failed},
      {"another protocol name, nobody cares", any, 1, "any version", set("alpn", "\"http\""), good},
      {"server name", any, 1, "any version", set("sni", "1"), good},
      {"server name that is wrong", any, 1, "wrong name", set("sni", "1"), failed},
      {"server name that is wrong, overlooked", any, 1, "wrong name",
       set("sni", "1") + set("ignorecertitem", "4"), good},
      {"server name that is wrong, another fault overlooked", any, 1, "wrong name",
       set("sni", "1") + set("ignorecertitem", "9"), failed},
      {"server name, expired, time ignored", any, 1, "expired", set("sni", "1"), good},
      {"server name, expired", any, 1, "expired", checked_time(set("sni", "1")), failed},
      {"nobody listens", any, 0, "nobody", {}, failed},
      {"nobody listens", any, 1, "nobody", {}, failed},
      {"broker without TLS", any, 0, "mosquitto without TLS", {}, failed},
      {"broker without TLS", tls_1_2, 1, "mosquitto without TLS", {}, failed},
  });
  return all;
}

/// Why it failed, as the module's log has it.
std::string reason(const std::string& log) {
  for (const std::string_view before : {"failed: ", "SSL context"})
    if (const auto at = log.find(before); at != std::string::npos)
      return log.substr(at, log.find('\n', at) - at);
  return {};
}

}  // namespace

TEST_CASE("the TLS matrix: +QMTOPEN for versions, levels and troubles [OPEN-6]") {
  Servers servers(kinds);
  Bench bench;
  int number = 0;
  for (const auto& row : rows()) {
    const int client = number++ % client_count;
    const auto port = servers.port(row.server);
    bench.configure(client, row);
    bench.log();
    const auto start = std::chrono::steady_clock::now();
    const int got = bench.open(client, port);
    const auto ms = support::ms_since(start);
    if (got == good) bench.close(client);
    const auto log = bench.log();
    print_row(number, row, got, ms, reason(log));
    INFO("row " << number << ", " << row.what << ", at " << row.server << "\n" << log);
    CHECK(got == row.expected);
    servers.drain(row.server);
  }
  CHECK(number >= 40);
}
