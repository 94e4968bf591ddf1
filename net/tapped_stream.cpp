#include "net/tapped_stream.hpp"

#include <string>
#include <vector>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

namespace net {

using boost::system::error_code;
using Direction = Tap::Direction;

namespace {

bool is_end(const error_code& error) {
  return error == boost::asio::error::eof || error == boost::asio::ssl::error::stream_truncated;
}

}  // namespace

TappedStream::TappedStream(std::unique_ptr<Stream> stream, std::shared_ptr<Tap> tap, Tap::Ends ends,
                           Shows shows)
    : stream_(std::move(stream)), tap_(std::move(tap)), ends_(std::move(ends)), shows_(shows) {}

TappedStream::~TappedStream() {
  if (is_mine_) tap_->ended(ends_, Direction::sent, false);
}

boost::asio::ip::tcp::socket TappedStream::release() {
  is_mine_ = false;
  return stream_->release();
}

void TappedStream::read_some(boost::asio::mutable_buffer buffer, Done done) {
  stream_->read_some(buffer, [tap = tap_, ends = ends_, shows = shows_, buffer,
                              done = std::move(done)](error_code error, std::size_t size) {
    if (size > 0 && shows == Shows::bytes_and_end)
      tap->passed(ends, Direction::received, {static_cast<const char*>(buffer.data()), size},
                  Tap::Clock::now());
    if (is_end(error))
      tap->ended(ends, Direction::received, false);
    else if (error == boost::asio::error::connection_reset)
      tap->ended(ends, Direction::received, true);
    done(error, size);
  });
}

void TappedStream::write(boost::asio::const_buffer buffer, Done done) {
  if (shows_ == Shows::bytes_and_end)
    tap_->passed(ends_, Direction::sent, {static_cast<const char*>(buffer.data()), buffer.size()},
                 Tap::Clock::now());
  stream_->write(buffer, std::move(done));
}

void TappedStream::shut_down() {
  stream_->shut_down();
  if (shows_ == Shows::bytes_and_end) tap_->ended(ends_, Direction::sent, false);
}

Tap::Ends ends_of(boost::asio::ip::tcp::socket& socket, std::uint16_t asked_port) {
  error_code gone;
  Tap::Ends ends{socket.local_endpoint(gone), socket.remote_endpoint(gone)};
  if (asked_port != 0) ends.far.port(asked_port);
  return ends;
}

namespace {

// A record is read in two pieces and written with others: each is shown by itself. Those of a
// handshake are shown when it has ended, behind the secrets that it made: whoever reads the capture
// needs them there.
class RecordWatch {
 public:
  RecordWatch(const SSL* ssl, std::shared_ptr<Tap> tap, Tap::Ends ends)
      : ssl_(ssl), tap_(std::move(tap)), ends_(std::move(ends)) {}
  ~RecordWatch() {
    records_.push_back({Direction::sent, std::move(sent_), Tap::Clock::now()});
    records_.push_back({Direction::received, std::move(received_), Tap::Clock::now()});
    show();
    tap_->ended(ends_, Direction::sent, false);
  }
  RecordWatch(const RecordWatch&) = delete;
  RecordWatch& operator=(const RecordWatch&) = delete;

  void saw(Direction direction, std::string_view bytes) {
    auto& begun = direction == Direction::sent ? sent_ : received_;
    begun += bytes;
    while (begun.size() >= header) {
      const auto size = header + (octet(begun[3]) << 8U) + octet(begun[4]);
      if (begun.size() < size) break;
      records_.push_back({direction, begun.substr(0, size), Tap::Clock::now()});
      begun.erase(0, size);
    }
    if (SSL_is_init_finished(ssl_) == 1) show();
  }
  void peer_ended(bool is_reset) {
    show();
    tap_->ended(ends_, Direction::received, is_reset);
  }
  void show() {
    for (const auto& record : std::exchange(records_, {}))
      tap_->passed(ends_, record.direction, record.bytes, record.at);
  }

 private:
  struct Record {
    Direction direction;
    std::string bytes;  // 64 KiB at the most
    Tap::Clock::time_point at;
  };
  static constexpr std::size_t header = 5;  // octets; the last two are the length
  static std::size_t octet(char byte) { return static_cast<unsigned char>(byte); }

  const SSL* ssl_;
  std::shared_ptr<Tap> tap_;
  Tap::Ends ends_;
  std::string sent_;  // of a record that is not whole yet
  std::string received_;
  std::vector<Record> records_;  // of a handshake: OpenSSL limits its messages
};

long on_bytes(BIO* bio, int operation, const char* bytes, std::size_t /*size*/, int /*argi*/,
              long /*argl*/, int result, std::size_t* done) {
  constexpr int has_read = BIO_CB_READ | BIO_CB_RETURN;
  constexpr int has_written = BIO_CB_WRITE | BIO_CB_RETURN;
  if (result <= 0 || done == nullptr || (operation != has_read && operation != has_written))
    return result;
  auto* const watch = reinterpret_cast<RecordWatch*>(BIO_get_callback_arg(bio));
  watch->saw(operation == has_read ? Direction::received : Direction::sent, {bytes, *done});
  return result;
}

void let_go(void* /*parent*/, void* watch, CRYPTO_EX_DATA* /*all*/, int /*index*/, long /*argl*/,
            void* /*argp*/) {
  delete static_cast<RecordWatch*>(watch);
}

int watch_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, let_go);
  return index;
}

}  // namespace

void watch_tls(SSL* ssl, std::shared_ptr<Tap> tap, const Tap::Ends& ends) {
  auto watch = std::make_unique<RecordWatch>(ssl, std::move(tap), ends);
  // One BIO for both directions: Asio's half of a pair.
  BIO* const bio = SSL_get_rbio(ssl);
  BIO_set_callback_arg(bio, reinterpret_cast<char*>(watch.get()));
  BIO_set_callback_ex(bio, on_bytes);
  if (SSL_set_ex_data(ssl, watch_index(), watch.get()) == 1)
    static_cast<void>(watch.release());
  else
    BIO_set_callback_ex(bio, nullptr);
}

void show_handshake(const SSL* ssl, const error_code& error) {
  auto* const watch = static_cast<RecordWatch*>(SSL_get_ex_data(ssl, watch_index()));
  if (watch == nullptr) return;
  const bool is_reset = error == boost::asio::error::connection_reset;
  if (is_reset || is_end(error)) return watch->peer_ended(is_reset);
  watch->show();
}

}  // namespace net
