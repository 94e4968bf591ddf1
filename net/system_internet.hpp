// The internet by the system's own means: the modem's resolver, ICMP echoes and UDP. Owned by the
// Unit; io thread only.
#pragma once

#include "cellular/internet.hpp"
#include "net/activity.hpp"
#include "net/resolver.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>

#include <boost/asio/io_context.hpp>

namespace net {

class SystemInternet : public cellular::Internet {
 public:
  /// Brings an answer into the module's time.
  using Deliver = std::function<void(const std::function<void()>& answer)>;

  /// What is still unanswered then is given up.
  static constexpr std::chrono::seconds longest_wait{60};

  SystemInternet(boost::asio::io_context& io, std::shared_ptr<Resolver> resolver, Deliver deliver,
                 std::shared_ptr<Activity> activity = std::make_shared<Activity>());

  cellular::Inquiry resolve(const cellular::NameQuestion& asked, Resolved resolved) override;
  /// No answer from an address that the resolver's Egress does not admit.
  cellular::Inquiry ping(const std::string& address, Echoed echoed) override;
  /// A rule for the name may turn the port. No answer as for ping.
  cellular::Inquiry ask_time(const cellular::TimeServer& server, Timed timed) override;

 private:
  class Question;

  [[nodiscard]] bool admits(const std::string& address) const;

  template <class... Values>
  void answer(const std::weak_ptr<Question>& question, const std::function<void(Values...)>& whom,
              const std::decay_t<Values>&... values);

  boost::asio::io_context& io_;
  Deliver deliver_;
  std::shared_ptr<Resolver> resolver_;
  std::shared_ptr<Activity> activity_;
  // Lets handlers that are queued already find out that this object is gone.
  std::shared_ptr<bool> life_ = std::make_shared<bool>(true);
};

}  // namespace net
