// What all links of an io_context share to use the MQTT library: the loopback listener, the thread
// that calls the library, and the keeper. Created before the first LinkPaho, destroyed after the
// last, before the io_context. Costs nothing until the first link asks for it.
#pragma once

#include "mqtt_backend/link/hop_listener.hpp"
#include "mqtt_backend/link/keeper.hpp"
#include "mqtt_backend/link/paho_thread.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace mqtt_backend {

/// Removes the environment variables that would send the loopback hop to a proxy or payloads to
/// standard output, and returns those that were set, by name. First thing in main, before any
/// thread.
std::vector<std::pair<std::string, std::string>> unset_paho_environment();

class PahoWorld {
 public:
  explicit PahoWorld(boost::asio::io_context& io);
  ~PahoWorld();
  PahoWorld(const PahoWorld&) = delete;
  PahoWorld& operator=(const PahoWorld&) = delete;

  /// Starts everything, without waiting; later calls return at once. False when it cannot be.
  bool warm_up();

  boost::asio::io_context& io() { return io_; }
  HopListener& hop() { return hop_; }

  /// Only after warm_up().
  Keeper& keeper() { return *keeper_; }
  PahoThread& api() { return *api_; }

  /// Where the library connects to.
  std::string uri() const;

 private:
  boost::asio::io_context& io_;
  HopListener hop_;
  std::unique_ptr<PahoThread> api_;
  std::unique_ptr<Keeper> keeper_;
};

}  // namespace mqtt_backend
