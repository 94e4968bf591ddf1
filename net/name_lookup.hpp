// Resolves host names beside the io thread, each in a thread of its own, so that a slow name delays
// neither other clients nor the end of the program. Owned by each LinkPaho; io thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace net {

class NameLookup {
 public:
  /// Most look-ups under way, forgotten ones included; one more fails at once.
  static constexpr int max_under_way = 32;

  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
  using Found = std::function<void(boost::system::error_code, const Endpoints&)>;

  explicit NameLookup(boost::asio::io_context& io);
  ~NameLookup();
  NameLookup(const NameLookup&) = delete;
  NameLookup& operator=(const NameLookup&) = delete;

  /// `found` comes once on the io thread, never from inside the call, and not after destruction.
  void start(std::string host, std::uint16_t port, Found found);

 private:
  /// What a thread may outlive us with.
  struct Gate {
    std::mutex mutex;
    boost::asio::io_context* io = nullptr;
  };
  std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
};

}  // namespace net
