// Certificates and keys for TLS tests, made anew in a temporary directory: authorities, servers and
// clients that are good, or wrong in one way each. Owned by a test.
#pragma once

#include "tests/support/program.hpp"

#include <array>
#include <string>
#include <string_view>

namespace support {

class Certificates {
 public:
  /// Of the encrypted keys.
  static constexpr std::string_view password = "open sesame";
  /// The name in the servers' certificates.
  static constexpr std::string_view server_name = "localhost";

  /// What a module's file system gets.
  static constexpr std::array<std::string_view, 24> module_files{
      "ca.pem",              // authority of servers and clients
      "ca.der",              // the same
      "ca_crlf.pem",         // the same with CR LF and remarks around it
      "other_ca.pem",        // nobody here is of this authority
      "both_ca.pem",         // the two authorities in one file
      "intermediate.pem",    // below ca.pem
      "broken.pem",          // a certificate in which one character is lost
      "empty.pem",           //
      "client.pem",          // of ca.pem
      "client.der",          //
      "client_chain.pem",    // a client below the intermediate, and the intermediate
      "other_client.pem",    // of other_ca.pem, same key
      "client_ec.pem",       // ECDSA
      "client.key",          // PKCS#8
      "client_rsa.key",      // traditional
      "client.key.der",      //
      "client_enc.key",      // PKCS#8 with password
      "client_enc_rsa.key",  // traditional with password
      "client_enc.key.der",  // PKCS#8 with password
      "client_ec.key",       //
      "server.pem",          // good for a server, not for an authority
      "server.key",          // belongs to no client
      "self_signed.pem",     // a server that vouches for itself
      "weak.pem",            // RSA of 1024 bits, SHA-1
  };

  /// Throws std::runtime_error when OpenSSL cannot make them.
  Certificates();

  /// Where a file is. Those of servers: server, expired, not_yet, wrong_name, address (of 127.0.0.1
  /// and of no name), self_signed, forged (one bit of the signature is wrong), leaf (of the
  /// intermediate); all with server.key; weak and ec with keys of their own.
  [[nodiscard]] std::string path(std::string_view name) const { return directory_.file(name); }

 private:
  ScratchDirectory directory_;
};

}  // namespace support
