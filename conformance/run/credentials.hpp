// An authority, a server's and a client's certificate with keys, made anew with the openssl program
// in a temporary directory. Owned by the bench; the directory goes with it.
#pragma once

#include <filesystem>
#include <string>

namespace conformance {

class Credentials {
 public:
  /// `host`: the name or address under which the unit reaches the TLS broker. Throws
  /// std::runtime_error when openssl cannot make them.
  explicit Credentials(const std::string& host);
  ~Credentials();
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;

  /// ca.pem, server.pem, server.key, client.pem, client.key.
  [[nodiscard]] std::string path(const std::string& name) const { return directory_ / name; }

 private:
  void make(const std::string& host) const;

  std::filesystem::path directory_;
};

}  // namespace conformance
