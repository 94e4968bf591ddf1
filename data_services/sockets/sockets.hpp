// The twelve connections of the module and what is set for all of them. Owned by the Modem.
#pragma once

#include "data_services/sockets/socket.hpp"
#include "data_services/sockets/socket_settings.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace data_services {

constexpr int max_connect_id = 11;
constexpr std::size_t socket_count = max_connect_id + 1;

class Sockets {
 public:
  explicit Sockets(SocketWorld world) : world_(std::move(world)) {}
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  [[nodiscard]] const SocketWorld& world() const { return world_; }
  [[nodiscard]] SocketSettings& settings() { return settings_; }

  /// Null when the id is free; `tls`: among those of TLS sockets, where they have their own
  /// (SSLS-2).
  [[nodiscard]] std::shared_ptr<Socket> at(int connect_id, bool tls = false) const {
    return sockets_[place_of(connect_id, tls)];
  }

  /// Calls `look` with each that has an id, in the order of the ids; those of TLS last where they
  /// have their own.
  template <class Look>
  void each(Look&& look) const {
    for (const auto& socket : sockets_)
      if (socket) look(*socket);
  }

  /// Whether one is transparent on that channel, or was and may be again.
  [[nodiscard]] bool transparent_on(at::Asker asker) const;

  /// Takes the id, which is free.
  void open(Socket::Request request);

  /// AT+QIDEACT: those of the context are gone without a word (PDPX-4).
  void deactivated(int cid);

  /// The module stops: all are cut, and what was set is forgotten (GEN-5, GEN-17).
  void reset();

  /// What is under way, if anything is.
  [[nodiscard]] std::optional<std::string> busy() const;

 private:
  [[nodiscard]] std::size_t place_of(int connect_id, bool tls) const {
    const bool apart = tls && !world_.knobs.is_set(cellular::Knob::ssl_shares_ids);
    return static_cast<std::size_t>(connect_id) + (apart ? socket_count : 0);
  }
  void came(const Socket& listener, const Incoming& incoming);
  std::shared_ptr<Socket> place(Socket::Request request);
  /// What the sibling's leak has left nothing for (SOCK-16).
  [[nodiscard]] bool exhausted() const;

  SocketWorld world_;
  SocketSettings settings_;
  std::array<std::shared_ptr<Socket>, 2 * socket_count> sockets_;
  int leaked_ = 0;  // TLS sockets that have come and gone
};

}  // namespace data_services
