// All that stands around the unit under test: the suite's own broker, mosquitto without and with
// TLS, a peer, ports where nobody answers, and the variables by which cases name them. What a case
// does not use is never started.
#pragma once

#include "conformance/run/addresses.hpp"
#include "conformance/run/broker.hpp"
#include "conformance/run/credentials.hpp"
#include "conformance/run/far_end.hpp"
#include "conformance/run/mosquitto.hpp"
#include "conformance/run/peer.hpp"

#include <memory>
#include <optional>
#include <string>

namespace conformance {

class Bench {
 public:
  /// What `$any` stands for in a `link` step and in what a socket's far end hears: any text.
  static constexpr char wildcard = '\x01';

  /// Throws std::runtime_error when nobody can listen at the address.
  Bench(Loop& loop, const Addresses& addresses);

  /// Links of the last case end; topics and client ids are new ones.
  void next_case();
  /// The same, with the topics and client ids of the last case.
  void same_case();

  /// The value of `$name` in a case; throws std::runtime_error for an unknown one, or when what it
  /// stands for cannot be started.
  std::string variable(const std::string& name);
  /// ca.pem, client.pem, client.key.
  std::string file(const std::string& name);

  Broker& broker() { return broker_; }
  FarEnd& far_end() { return far_end_; }
  /// The peer at mosquitto; a second one comes with another client id.
  Peer& peer();
  void connect_peer(const std::string& client_id);

  int n = 0;  // $n, counted by `repeat`

 private:
  std::string peer_host() const;
  /// Where a page is, at one of our ports.
  std::string url(std::uint16_t port) const;
  /// The same place as an FTP server tells it (RFC 959, 227): h1,h2,h3,h4,p1,p2.
  std::string place(std::uint16_t port) const;
  Mosquitto& mosquitto();
  Mosquitto& tls_mosquitto();
  Credentials& credentials();

  Loop& loop_;
  Addresses addresses_;
  std::string run_;
  int case_number_ = 0;
  Broker broker_;
  FarEnd far_end_;
  RefusedPort refused_;
  BlackHole hole_;
  std::unique_ptr<Credentials> credentials_;
  std::unique_ptr<Mosquitto> mosquitto_;
  std::unique_ptr<Mosquitto> tls_mosquitto_;
  std::unique_ptr<Peer> peer_;
  std::unique_ptr<Peer> second_peer_;
};

/// As modules compute it for AT+QFUPL: big-endian 16-bit words by exclusive or, in hex.
std::string file_checksum(const std::string& content);

}  // namespace conformance
