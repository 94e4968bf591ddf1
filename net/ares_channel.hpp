// DNS by c-ares (RFC 1035) on the io thread: its sockets are waited for and its timer is kept by
// Asio, there is no thread. It asks over UDP and, when an answer is cut, over TCP; a server that is
// silent or fails is left for the next one. Owned by a DnsQuestion; io thread only.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <ares.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace net {

class AresChannel {
 public:
  /// Longest answer that is looked at, in bytes; a longer one counts as none that can be read.
  static constexpr std::size_t max_answer = 4096;

  /// How long a server has: the first time, doubled with each round over all servers.
  struct Patience {
    std::chrono::milliseconds first{2000};
    int rounds = 3;
  };

  /// `status` is one of ARES_*; the answer is empty unless it is ARES_SUCCESS.
  using Heard = std::function<void(int status, const std::vector<unsigned char>& answer)>;

  AresChannel(boost::asio::io_context& io,
              const std::vector<boost::asio::ip::udp::endpoint>& servers, Patience patience);
  ~AresChannel();
  AresChannel(const AresChannel&) = delete;
  AresChannel& operator=(const AresChannel&) = delete;

  /// Asks for records of `type` (RFC 1035 3.2.2, class IN). `heard` comes once, never from inside
  /// the call, and may destroy the channel.
  void ask(const std::string& name, int type, Heard heard);

 private:
  struct Query {
    AresChannel* channel;
    Heard heard;
  };
  struct Answer {
    Heard heard;
    int status;
    std::vector<unsigned char> bytes;
  };
  struct Interest {
    bool wanted = false;
    bool waiting = false;
  };
  struct Socket {
    explicit Socket(boost::asio::io_context& io) : descriptor(io) {}
    boost::asio::posix::stream_descriptor descriptor;
    Interest reading{};
    Interest writing{};
  };

  void set_servers(const std::vector<boost::asio::ip::udp::endpoint>& servers);
  void state_changed(ares_socket_t descriptor, bool wants_read, bool wants_write);
  void watch(ares_socket_t descriptor, const std::shared_ptr<Socket>& socket);
  void process(ares_socket_t readable, ares_socket_t writable);
  void answered(Query* query, int status, const unsigned char* bytes, int size);
  void keep_time();
  void deliver();

  boost::asio::io_context& io_;
  boost::asio::steady_timer timer_;
  ares_channel channel_ = nullptr;
  std::map<ares_socket_t, std::shared_ptr<Socket>> sockets_;
  std::deque<Answer> answers_;  // heard while c-ares was at work
  bool ending_ = false;
  // Lets handlers that are queued already find out that this object is gone.
  std::shared_ptr<char> life_ = std::make_shared<char>();
};

}  // namespace net
