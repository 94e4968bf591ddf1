// The internet by the system's own means: the modem's resolver, ICMP echoes and UDP. Owned by the
// Emulator; io thread only.
#pragma once

#include "cellular/internet.hpp"
#include "net/resolver.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace net {

class SystemInternet : public cellular::Internet {
 public:
  /// Brings an answer into the module's time.
  using Deliver = std::function<void(const std::function<void()>& answer)>;

  /// Addresses whose names are remembered.
  static constexpr std::size_t max_asked_as = 64;

  /// What is still unanswered then is given up.
  static constexpr std::chrono::seconds longest_wait{60};

  SystemInternet(boost::asio::io_context& io, std::shared_ptr<Resolver> resolver, Deliver deliver);

  void resolve(const std::string& name, Resolved resolved) override;
  void ping(const std::string& address, Echoed echoed) override;
  void ask_time(const std::string& address, std::uint16_t port, Timed timed) override;

 private:
  template <class... Values>
  void answer(const std::function<void(Values...)>& whom, const std::decay_t<Values>&... values);

  std::vector<std::string> addresses_of(const std::string& name, const Resolver::Endpoints& found);

  boost::asio::io_context& io_;
  Deliver deliver_;
  std::shared_ptr<Resolver> resolver_;
  // Under which name an address was found last, while rules name it: a rule may also turn the port
  // of what is asked at that address.
  std::map<std::string, std::string> asked_as_;
  // Lets handlers that are queued already find out that this object is gone.
  std::shared_ptr<bool> life_ = std::make_shared<bool>(true);
};

}  // namespace net
