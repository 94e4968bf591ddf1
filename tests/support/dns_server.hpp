// A DNS server on a free port of 127.0.0.1, UDP and TCP, that knows what a test has told it and
// answers well or badly. Serves in a thread of its own. Owned by a test case.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

namespace support {

class DnsServer {
 public:
  using Bytes = std::vector<std::uint8_t>;

  enum class Manner {
    honest,          // what it does not know does not exist (NXDOMAIN)
    silent,          // hears and says nothing
    failing,         // SERVFAIL
    cut,             // nothing but "truncated" over UDP, the whole over TCP
    wrong_id,        // a false answer under another id, then the true one
    wrong_question,  // a false answer to another question, then the true one
    noise,           // bytes without form, then the true answer
    looping,         // the name of the record points to itself
    too_short,       // the record says that it is longer than the answer
    empty,           // no error, and no record
  };

  struct Record {
    std::string address;  // IPv4 or IPv6
    std::uint32_t ttl = 0;
  };

  explicit DnsServer(Manner manner = Manner::honest);
  ~DnsServer();
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  void knows(const std::string& name, std::vector<Record> records);

  /// What it was asked so far, as `A NAME UDP`.
  [[nodiscard]] std::vector<std::string> heard() const;

 private:
  struct Question {
    std::string name{};
    std::uint16_t type = 0;
    Bytes bytes{};  // header and question
  };

  static Question parse(const Bytes& packet);
  [[nodiscard]] std::vector<Bytes> answers(const Bytes& packet, bool over_tcp);
  [[nodiscard]] Bytes answer(const Question& question) const;
  void hear_datagrams();
  void accept();

  Manner manner_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::udp::socket socket_;
  boost::asio::ip::udp::endpoint asker_;
  Bytes datagram_ = Bytes(512);
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<Record>> records_;
  std::vector<std::string> heard_;
  std::thread thread_;
};

/// A whole answer to a question for the addresses of `name`, as it goes over the wire.
DnsServer::Bytes dns_answer(const std::string& name, const std::vector<DnsServer::Record>& records);

}  // namespace support
