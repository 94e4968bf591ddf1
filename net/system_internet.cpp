#include "net/system_internet.hpp"

#include "net/icmp_echo.hpp"
#include "net/sntp_question.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

namespace net {
namespace {

std::vector<std::string> addresses_of(const Resolver::Endpoints& found) {
  std::vector<std::string> addresses;
  for (const auto& endpoint : found) {
    auto text = endpoint.address().to_string();
    const bool known = std::count(addresses.begin(), addresses.end(), text) != 0;
    if (endpoint.address().is_v4() && !known) addresses.push_back(std::move(text));
  }
  return addresses;
}

}  // namespace

SystemInternet::SystemInternet(boost::asio::io_context& io, std::shared_ptr<Resolver> resolver,
                               Deliver deliver)
    : io_(io), deliver_(std::move(deliver)), resolver_(std::move(resolver)) {}

template <class... Values>
void SystemInternet::answer(const std::function<void(Values...)>& whom,
                            const std::decay_t<Values>&... values) {
  boost::asio::post(io_, [this, whom, values..., life = std::weak_ptr(life_)] {
    if (!life.expired()) deliver_([&] { whom(values...); });
  });
}

void SystemInternet::resolve(const std::string& name, Resolved resolved) {
  resolver_->start({name, std::nullopt},
                   [this, resolved = std::move(resolved), life = std::weak_ptr(life_)](
                       boost::system::error_code, const auto& found) {
                     if (!life.expired()) answer(resolved, addresses_of(found));
                   });
}

void SystemInternet::ping(const std::string& address, Echoed echoed) {
  IcmpEcho::start(io_, address, longest_wait,
                  [this, echoed = std::move(echoed),
                   life = std::weak_ptr(life_)](const std::optional<cellular::Echo>& echo) {
                    if (!life.expired()) answer(echoed, echo);
                  });
}

void SystemInternet::ask_time(const cellular::TimeServer& server, Timed timed) {
  const auto place = resolver_->rules().apply({server.name, server.port});
  SntpQuestion::start(io_, server.address, place.port.value_or(server.port), longest_wait,
                      [this, timed = std::move(timed),
                       life = std::weak_ptr(life_)](const std::optional<std::int64_t>& unix_ms) {
                        if (!life.expired()) answer(timed, unix_ms);
                      });
}

}  // namespace net
