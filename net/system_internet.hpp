// The internet by the system's own means: its resolver, ICMP echoes and UDP. Owned by the Emulator;
// io thread only.
#pragma once

#include "cellular/internet.hpp"
#include "net/name_lookup.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

namespace net {

class SystemInternet : public cellular::Internet {
 public:
  /// Brings an answer into the module's time.
  using Deliver = std::function<void(const std::function<void()>& answer)>;

  /// What is still unanswered then is given up.
  static constexpr std::chrono::seconds longest_wait{60};

  SystemInternet(boost::asio::io_context& io, Deliver deliver);

  /// Names that the resolver is not asked for, in lower case.
  void set_names(std::map<std::string, std::string> names) { names_ = std::move(names); }

  void resolve(const std::string& name, Resolved resolved) override;
  void ping(const std::string& address, Echoed echoed) override;
  void ask_time(const std::string& address, std::uint16_t port, Timed timed) override;

 private:
  template <class... Values>
  void answer(const std::function<void(Values...)>& whom, const std::decay_t<Values>&... values);

  boost::asio::io_context& io_;
  Deliver deliver_;
  NameLookup lookup_;
  std::map<std::string, std::string> names_;
  std::uint16_t sequence_ = 0;
  // Lets handlers that are queued already find out that this object is gone.
  std::shared_ptr<bool> life_ = std::make_shared<bool>(true);
};

}  // namespace net
