// The settings of the six SSL contexts (AT+QSSLCFG), and what a connection is made from: a snapshot
// of one context with the contents of its files. Settings live in RAM; a reboot forgets them. Owned
// by the Modem.
#pragma once

#include "ssl_ctx/files.hpp"
#include "ssl_ctx/suites.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <variant>

namespace ssl_ctx {

constexpr int context_count = 6;

/// One context with its factory values.
struct Settings {
  int sslversion = 4;                  // 0 SSL 3.0, 1 TLS 1.0, 2 TLS 1.1, 3 TLS 1.2, 4 all of them
  SuiteList ciphersuites{all_suites};  // in the host's order
  std::string cacert;
  std::string cacertex;
  std::string clientcert;
  std::string clientkey;
  std::string key_password;
  int seclevel = 0;             // 0 no check, 1 server checked, 2 and own certificate sent
  bool ignorelocaltime = true;  // validity dates are not looked at
  int negotiatetime = 300;      // limit of the handshake, s, 10-300
  bool sni = false;
  bool dtls = false;
  int dtlsversion = 0;    // 0 DTLS 1.0, 1 DTLS 1.2
  int closetimemode = 0;  // unit of the closing time: 0 s, 1 ms
  bool session_cache = false;
  std::string psk_identity;
  std::string psk_key;  // raw bytes
  std::string alpn;
  bool renegotiation = false;
  bool ignoremulticertchainverify = false;
  bool ignoreinvalidcertsign = false;
  std::uint32_t ignorecertitem = 0;  // faults of a certificate to overlook, 20 bits

  friend bool operator==(const Settings&, const Settings&) = default;
};

/// Everything that a handshake needs, taken when the connection is opened.
struct TlsRequest {
  int ctx = 0;
  std::uint32_t boot = 0;  // counts the module's restarts: a session of before is not resumed
  Settings settings;
  std::string ca;  // contents of the files, PEM or DER; empty when not needed
  std::string ca_extra;
  std::string certificate;
  std::string key;
  std::int64_t verify_time = 0;  // the modem's clock, Unix seconds

  friend bool operator==(const TlsRequest&, const TlsRequest&) = default;
};

class Contexts {
 public:
  [[nodiscard]] std::array<Settings, context_count>& all() { return settings_; }
  [[nodiscard]] Settings& operator[](int ctx) { return settings_[static_cast<std::size_t>(ctx)]; }

  /// Reads the files of context `ctx`. The alternative is why it cannot be done, in one line for
  /// the log: a file is not named or not there.
  [[nodiscard]] std::variant<TlsRequest, std::string> request(int ctx, const Files& files,
                                                              std::int64_t verify_time) const;

  /// The module restarts: factory values.
  void reset();
  /// Other settings take the place of these: no session of before is resumed.
  void forget_sessions() { ++boots_; }

 private:
  std::array<Settings, context_count> settings_;
  std::uint32_t boots_ = 0;
};

}  // namespace ssl_ctx
