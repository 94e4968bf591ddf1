// The services beside the demo broker, for first steps and tests without a network: http.demo and
// echo.demo, each plain and with a certificate of the demo's authority, at free ports of the
// loopback. One for all units of a program. Owned by the Emulator; io thread only.
#pragma once

#include "emulator/demo/echo_server.hpp"
#include "emulator/demo/http_server.hpp"
#include "emulator/demo_tls/demo_authority.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

namespace emulator::demo {

/// Names as the module's host asks for them.
constexpr const char* http_name = "http.demo";
constexpr const char* echo_name = "echo.demo";

class DemoServices {
 public:
  /// Where one of them is; a port is 0 where it could not be had.
  struct Service {
    std::string name;          // in ready lines and the ready file
    std::string host_name;     // as the module's host asks for it
    std::uint16_t known_port;  // that the host asks for, and
    std::uint16_t known_tls_port;
    std::uint16_t port;  // where it leads
    std::uint16_t tls_port;
  };

  explicit DemoServices(boost::asio::io_context& io) : http_(io), echo_(io) {}

  /// Starts all of them; what cannot be had is a warning in the log. `authority` is
  /// DemoAuthority::Pem::whole; empty: without TLS.
  void start(std::string authority);
  void stop();

  /// Those that run.
  [[nodiscard]] std::vector<Service> list() const;

 private:
  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> context();

  std::string authority_pem_;
  std::unique_ptr<DemoAuthority> authority_;  // from the first TLS client on
  std::shared_ptr<boost::asio::ssl::context> context_;
  HttpServer http_;
  EchoServer echo_;
};

}  // namespace emulator::demo
