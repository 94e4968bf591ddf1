// The bytes of one connection, plain or TLS, so that what stands above need not care. One read and
// one write at a time. Owned by a PacketStream; io thread only.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace net {

class Stream {
 public:
  using Done = std::function<void(boost::system::error_code error, std::size_t size)>;

  virtual ~Stream() = default;

  virtual void read_some(boost::asio::mutable_buffer buffer, Done done) = 0;

  /// Writes all of `buffer`.
  virtual void write(boost::asio::const_buffer buffer, Done done) = 0;

  /// Tells the peer that nothing more comes; what was written stays valid.
  virtual void shut_down() = 0;

  /// What TLS has agreed on; empty texts without TLS.
  struct Security {
    std::string version;  // "TLSv1.2"
    std::string suite;    // OpenSSL's name
  };
  [[nodiscard]] virtual Security security() const { return {}; }

  /// The TCP connection under it.
  virtual boost::asio::ip::tcp::socket& socket() = 0;

  /// Gives the connection away; nothing is left but to let the stream go.
  virtual boost::asio::ip::tcp::socket release() { return std::move(socket()); }
};

class TcpStream : public Stream {
 public:
  explicit TcpStream(boost::asio::ip::tcp::socket socket);

  void read_some(boost::asio::mutable_buffer buffer, Done done) override;
  void write(boost::asio::const_buffer buffer, Done done) override;
  void shut_down() override;
  boost::asio::ip::tcp::socket& socket() override { return socket_; }

 private:
  boost::asio::ip::tcp::socket socket_;
};

class TlsStream : public Stream {
 public:
  using Native = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

  TlsStream(boost::asio::ip::tcp::socket socket,
            std::shared_ptr<boost::asio::ssl::context> context);

  /// For the handshake, before anything else.
  Native& native() { return *stream_; }

  void read_some(boost::asio::mutable_buffer buffer, Done done) override;
  void write(boost::asio::const_buffer buffer, Done done) override;
  void shut_down() override;
  [[nodiscard]] Security security() const override;
  boost::asio::ip::tcp::socket& socket() override { return stream_->next_layer(); }

 private:
  std::shared_ptr<boost::asio::ssl::context> context_;
  // Shared with the closing handshake, which may outlive this object.
  std::shared_ptr<Native> stream_;
};

}  // namespace net
