// A stream that shows a Tap what passes through it, and how it ends. What TLS does to the bytes is
// shown by watch_tls() in its place. Stands right above the stream that it owns; io thread only.
#pragma once

#include "net/stream.hpp"
#include "net/tap.hpp"

#include <cstdint>
#include <memory>
#include <utility>

namespace net {

class TappedStream : public Stream {
 public:
  enum class Shows { bytes_and_end, end };

  TappedStream(std::unique_ptr<Stream> stream, std::shared_ptr<Tap> tap, Tap::Ends ends,
               Shows shows);
  /// Ends the connection, cut or not, unless it was given away.
  ~TappedStream() override;

  void read_some(boost::asio::mutable_buffer buffer, Done done) override;
  void write(boost::asio::const_buffer buffer, Done done) override;
  void shut_down() override;
  [[nodiscard]] Security security() const override { return stream_->security(); }
  boost::asio::ip::tcp::socket& socket() override { return stream_->socket(); }
  boost::asio::ip::tcp::socket release() override;

 private:
  std::unique_ptr<Stream> stream_;
  std::shared_ptr<Tap> tap_;
  Tap::Ends ends_;
  Shows shows_;
  bool is_mine_ = true;
};

/// Of a connection that is established. `asked_port`: by which its server was asked for; 0: as it
/// is.
[[nodiscard]] Tap::Ends ends_of(boost::asio::ip::tcp::socket& socket, std::uint16_t asked_port);

/// Shows `tap` the records of a TLS connection, whole and as they are on the wire, for as long as
/// `ssl` lives. Before the handshake.
void watch_tls(SSL* ssl, std::shared_ptr<Tap> tap, const Tap::Ends& ends);
/// Its handshake has ended so: nothing more of that is to come.
void show_handshake(const SSL* ssl, const boost::system::error_code& error);

}  // namespace net
