// A socket's data mode: behind CONNECT every byte of the host's channel goes to the peer and back
// (TRAN-1 to TRAN-9). Who reads slowly stops the other side, both ways. Owned by the terminal that
// it is online on; the socket only knows of it.
#pragma once

#include "at_engine/online.hpp"
#include "at_engine/outcome.hpp"
#include "at_engine/timeline.hpp"
#include "data_services/sockets/sockets.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace data_services {

class Transparent : public at::Online,
                    public Socket::Outlet,
                    public std::enable_shared_from_this<Transparent> {
 public:
  /// Bytes of the host that wait for their packet; it is held before there are more.
  static constexpr std::size_t max_waiting = std::size_t{64} * 1024;
  /// Bytes that may wait for the connection before the host is held.
  static constexpr std::size_t max_unsent = Socket::send_buffer;
  /// Most bytes to the host at a time.
  static constexpr std::size_t max_piece = 4096;

  /// Of the channel that `asker` speaks on.
  Transparent(Sockets& sockets, at::Asker asker, std::weak_ptr<Socket> socket);

  void connected(at::OnlineChannel& channel) override;
  void receive(std::string_view bytes) override;
  void drained() override { deliver(); }
  void suspended() override;
  void resumed() override;
  void hung_up() override;
  void displaced() override { channel_ = nullptr; }

  void arrived() override { deliver(); }
  void sent() override;
  void ended() override;
  void released() override;

 private:
  void deliver();
  void send(std::size_t bytes);
  [[nodiscard]] std::size_t packet() const;
  void leave(bool with_word);

  Sockets& sockets_;
  at::Asker asker_;
  std::weak_ptr<Socket> socket_;
  at::OnlineChannel* channel_ = nullptr;  // while it is online there, suspended or not
  bool suspended_ = false;
  std::string waiting_;
  at::Timer timer_;
};

/// Opens and answers with CONNECT, or ERROR (SOCK-9, SOCK-10).
[[nodiscard]] at::Outcome open_transparent(Sockets& sockets, Socket::Request request);

/// CONNECT for a socket that is open (TRAN-5).
[[nodiscard]] at::Outcome enter_transparent(Sockets& sockets, at::Asker asker,
                                            const std::shared_ptr<Socket>& socket);

}  // namespace data_services
