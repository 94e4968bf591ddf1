// The TLS matrix: rows of what a module is set to and whom it meets, and what +QMTOPEN has to say.
// Drives the real program over its port; prints every row. Shared by the tests of this folder.
#pragma once

#include "tests/support/certificates.hpp"
#include "tests/support/emulator_process.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/tls_server.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace tls {

using Settings = std::map<std::string, std::string>;  // values of AT+QSSLCFG as typed

/// Made once; keys take their time.
inline const support::Certificates& certificates() {
  static const support::Certificates made;
  return made;
}

/// An s_server: its certificate, key, and further options, in which "@x" is the path of x.
struct ServerKind {
  std::string certificate = "server.pem";
  std::string key = "server.key";
  std::vector<std::string> options{};
};

struct Row {
  std::string what;
  int version;  // "sslversion"
  int level;    // "seclevel"
  std::string server;
  Settings settings;  // what differs from the usual
  int expected;       // of +QMTOPEN
};

constexpr int any = 4;
constexpr int tls_1_2 = 3;
constexpr int good = 0;
constexpr int failed = -1;

inline void print_row(int number, const Row& row, int got, std::int64_t ms,
                      const std::string& remark) {
  fmt::print("{:3} version {} level {}  {:22} {:42} expected {:2} got {:2} {:5} ms  {}\n", number,
             row.version, row.level, row.server, row.what, row.expected, got, ms, remark);
}

/// What a row does not say.
inline Settings usual() {
  return {{"ciphersuite", "0XFFFF"},
          {"cacert", "\"ca.pem\""},
          {"cacertex", "\"\""},
          {"clientcert", "\"client.pem\""},
          {"clientkey", "\"client.key\""},
          {"ignorelocaltime", "1"},
          {"negotiatetime", "300"},
          {"sni", "0"},
          {"dtls", "0"},
          {"psk", "\"\",\"\""},
          {"alpn", "\"\""},
          {"session_cache", "0"},
          {"renegotiation", "0"},
          {"ignoremulticertchainverify", "0"},
          {"ignoreinvalidcertsign", "0"},
          {"ignorecertitem", "0"}};
}

/// All the servers, each started when a row first needs it.
class Servers {
 public:
  using Kinds = std::map<std::string, ServerKind>;

  /// `kinds` are those of s_server by name. There are also "mosquitto", "mosquitto, mutual",
  /// "mosquitto without TLS", "silent" and "nobody".
  explicit Servers(Kinds kinds) : kinds_(std::move(kinds)) {}

  std::uint16_t port(const std::string& name) {
    if (name == "silent") return silent_.port();
    if (name == "nobody") return support::held_port();
    if (name.rfind("mosquitto", 0) == 0) return mosquitto(name).port();
    return openssl(name).port();
  }

  support::TlsServer& openssl(const std::string& name) {
    auto& server = openssl_[name];
    if (!server) server = std::make_unique<support::TlsServer>(words(name));
    return *server;
  }

  /// Its pipe must not fill up.
  void drain(const std::string& name) {
    const auto server = openssl_.find(name);
    if (server != openssl_.end()) server->second->forget();
  }

 private:
  support::Mosquitto& mosquitto(const std::string& name) {
    auto& broker = mosquitto_[name];
    if (broker) return *broker;
    support::MosquittoSetup setup;
    if (name != "mosquitto without TLS")
      setup.extra =
          fmt::format("cafile {}\ncertfile {}\nkeyfile {}\n", certificates().path("ca.pem"),
                      certificates().path("server.pem"), certificates().path("server.key"));
    if (name == "mosquitto, mutual") setup.extra += "require_certificate true\n";
    broker = std::make_unique<support::Mosquitto>(setup);
    return *broker;
  }

  [[nodiscard]] std::vector<std::string> words(const std::string& name) const {
    const auto& kind = kinds_.at(name);
    std::vector<std::string> all;
    if (!kind.certificate.empty())
      all = {"-cert", certificates().path(kind.certificate), "-key", certificates().path(kind.key)};
    all.insert(all.end(), {"-cipher", "ALL:@SECLEVEL=0"});
    for (const auto& word : kind.options)
      all.push_back(word[0] == '@' ? certificates().path(word.substr(1)) : word);
    return all;
  }

  Kinds kinds_;
  support::SilentServer silent_;
  std::map<std::string, std::unique_ptr<support::TlsServer>> openssl_;
  std::map<std::string, std::unique_ptr<support::Mosquitto>> mosquitto_;
};

/// A module that has all the files, and what is in `more`.
inline support::EmulatorProcess::Options options(
    const std::string& scale, const support::EmulatorProcess::Options& more = {}) {
  support::EmulatorProcess::Options words{
      "--demo-broker", "off",  "--time-scale", scale,
      "--log-level",   "info", "--resolve",    "far.example=127.0.0.1"};
  for (const auto file : support::Certificates::module_files) {
    const std::string name(file);
    words.insert(words.end(), {"--file", name + "=" + certificates().path(name)});
  }
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

class Bench {
 public:
  explicit Bench(const std::string& scale = "1", const support::EmulatorProcess::Options& more = {})
      : session_(options(scale, more)) {}

  support::SerialHost& host() { return session_.host; }

  /// Sets context `ctx` to `settings`, which leave nothing out, in one line.
  void configure(int ctx, const Settings& settings) {
    std::string line = "AT";
    for (const auto& [key, value] : settings)
      line += fmt::format("{}+QSSLCFG=\"{}\",{},{}", line == "AT" ? "" : ";", key, ctx, value);
    host().command(line);
    host().command(fmt::format("AT+QMTCFG=\"ssl\",{0},1,{0}", ctx));
  }

  /// Sets client and context of that number as `row` says.
  void configure(int client, const Row& row) {
    auto settings = usual();
    settings["sslversion"] = std::to_string(row.version);
    settings["seclevel"] = std::to_string(row.level);
    for (const auto& [key, value] : row.settings) settings[key] = value;
    configure(client, settings);
  }

  /// What +QMTOPEN says.
  int open(int client, std::uint16_t port, const std::string& name = "localhost") {
    host().command(fmt::format("AT+QMTOPEN={},\"{}\",{}", client, name, port));
    host().expect(fmt::format("\r\n+QMTOPEN: {},", client));
    return std::stoi(host().read_until("\r\n"));
  }

  void close(int client) {
    host().command(fmt::format("AT+QMTCLOSE={}", client));
    host().expect(fmt::format("\r\n+QMTCLOSE: {},0\r\n", client));
  }

  support::EmulatorProcess& emulator() { return session_.emulator; }

  /// The module's log since the last call.
  std::string log() {
    auto& program = session_.emulator.program();
    program.wait([] { return false; }, std::chrono::milliseconds(1));
    const auto text = program.err().substr(logged_);
    logged_ = program.err().size();
    return text;
  }

 private:
  support::Session session_;
  std::size_t logged_ = 0;
};

}  // namespace tls
