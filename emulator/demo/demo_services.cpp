#include "emulator/demo/demo_services.hpp"

#include "emulator/demo_tls/server_context.hpp"

#include <utility>

#include <spdlog/spdlog.h>

namespace emulator::demo {
namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;
constexpr std::uint16_t echo_port = 7;
constexpr std::uint16_t echo_tls_port = 4433;

void warn(const char* name, const boost::system::error_code& error) {
  if (error) spdlog::warn("no {}: {}", name, error.message());
}

}  // namespace

void DemoServices::start(std::string authority) {
  authority_pem_ = std::move(authority);
  warn(http_name, http_.start());
  warn(echo_name, echo_.start());
  if (authority_pem_.empty()) return;
  warn(http_name, http_.start_tls([this] { return context(); }));
  warn(echo_name, echo_.start_tls([this] { return context(); }));
}

std::shared_ptr<boost::asio::ssl::context> DemoServices::context() {
  if (!authority_) authority_ = DemoAuthority::read(authority_pem_);
  if (authority_ && !context_) context_ = make_server_context(*authority_, http_name);
  return context_;
}

std::vector<DemoServices::Service> DemoServices::list() const {
  std::vector<Service> services;
  if (http_.port() != 0)
    services.push_back({"http", http_name, http_port, https_port, http_.port(), http_.tls_port()});
  if (echo_.port() != 0)
    services.push_back(
        {"echo", echo_name, echo_port, echo_tls_port, echo_.port(), echo_.tls_port()});
  return services;
}

void DemoServices::stop() {
  http_.stop();
  echo_.stop();
}

}  // namespace emulator::demo
