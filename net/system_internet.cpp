#include "net/system_internet.hpp"

#include "net/icmp_echo.hpp"
#include "net/sntp_question.hpp"

#include <algorithm>
#include <cctype>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

namespace net {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

SystemInternet::SystemInternet(boost::asio::io_context& io, Deliver deliver)
    : io_(io), deliver_(std::move(deliver)), lookup_(io) {}

template <class... Values>
void SystemInternet::answer(const std::function<void(Values...)>& whom,
                            const std::decay_t<Values>&... values) {
  boost::asio::post(io_, [this, whom, values..., life = std::weak_ptr(life_)] {
    if (!life.expired()) deliver_([&] { whom(values...); });
  });
}

void SystemInternet::resolve(const std::string& name, Resolved resolved) {
  boost::system::error_code not_numeric;
  static_cast<void>(boost::asio::ip::make_address(name, not_numeric));
  if (!not_numeric) return answer(resolved, {name});
  if (const auto known = names_.find(lower(name)); known != names_.end())
    return answer(resolved, {known->second});
  lookup_.start(name, 0,
                [this, resolved = std::move(resolved)](boost::system::error_code error,
                                                       const auto& endpoints) {
                  std::vector<std::string> addresses;
                  for (const auto& endpoint : endpoints) {
                    auto text = endpoint.address().to_string();
                    const bool known = std::count(addresses.begin(), addresses.end(), text) != 0;
                    if (!error && endpoint.address().is_v4() && !known)
                      addresses.push_back(std::move(text));
                  }
                  answer(resolved, addresses);
                });
}

void SystemInternet::ping(const std::string& address, Echoed echoed) {
  IcmpEcho::start(io_, address, ++sequence_, longest_wait,
                  [this, echoed = std::move(echoed),
                   life = std::weak_ptr(life_)](const std::optional<cellular::Echo>& echo) {
                    if (!life.expired()) answer(echoed, echo);
                  });
}

void SystemInternet::ask_time(const std::string& address, std::uint16_t port, Timed timed) {
  SntpQuestion::start(io_, address, port, longest_wait,
                      [this, timed = std::move(timed),
                       life = std::weak_ptr(life_)](const std::optional<std::int64_t>& unix_ms) {
                        if (!life.expired()) answer(timed, unix_ms);
                      });
}

}  // namespace net
