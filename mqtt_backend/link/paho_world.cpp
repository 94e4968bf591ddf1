#include "mqtt_backend/link/paho_world.hpp"

#include <cstdlib>
#include <mutex>

#include <MQTTAsync.h>
#include <fmt/format.h>

namespace mqtt_backend {
namespace {

/// TLS is ours, not the library's: OpenSSL is to cost nothing until a context is made.
void keep_library_from_tls() {
  static std::once_flag once;
  std::call_once(once, [] {
    MQTTAsync_init_options options = MQTTAsync_init_options_initializer;
    options.do_openssl_init = 0;
    MQTTAsync_global_init(&options);
  });
}

}  // namespace

std::vector<std::pair<std::string, std::string>> unset_paho_environment() {
  std::vector<std::pair<std::string, std::string>> removed;
  for (const char* name : {"http_proxy", "https_proxy", "MQTT_C_CLIENT_TRACE",
                           "MQTT_C_CLIENT_TRACE_LEVEL", "MQTT_C_CLIENT_TRACE_MAX_LINES"}) {
    if (const char* value = std::getenv(name)) removed.emplace_back(name, value);
    ::unsetenv(name);
  }
  return removed;
}

PahoWorld::PahoWorld(boost::asio::io_context& io)
    : io_(io), hop_(io, [this] { keeper_->wake_receiver(); }) {}

PahoWorld::~PahoWorld() {
  hop_.stop();
  if (keeper_) keeper_->stop();
}

bool PahoWorld::warm_up() {
  if (keeper_) return true;
  if (!hop_.start()) return false;
  keep_library_from_tls();
  api_ = std::make_unique<PahoThread>();
  keeper_ = std::make_unique<Keeper>(io_, *api_, hop_);
  keeper_->start();
  return true;
}

std::string PahoWorld::uri() const { return fmt::format("tcp://127.0.0.1:{}", hop_.port()); }

}  // namespace mqtt_backend
