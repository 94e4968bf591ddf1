#include "net/system_internet.hpp"

#include "net/icmp_echo.hpp"
#include "net/sntp_question.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

namespace net {
namespace {

/// Of a name those of IPv4; an address of IPv6 is itself.
cellular::Addresses addresses_of(const Resolver::Answer& found, bool of_name) {
  std::vector<std::string> addresses;
  for (const auto& endpoint : found.endpoints) {
    auto text = endpoint.address().to_string();
    const bool known = std::count(addresses.begin(), addresses.end(), text) != 0;
    const bool fits = !of_name || endpoint.address().is_v4();
    if (fits && !known) addresses.push_back(std::move(text));
  }
  return {std::move(addresses), found.ttl};
}

}  // namespace

// What the asker holds, and nobody else: it ends with the answer, or when none is wanted any more.
class SystemInternet::Question final : private Activity::Source {
 public:
  using Source::Source;

  /// Asked at name servers.
  std::unique_ptr<DnsQuestion> name;

  void answered() {
    answered_ = true;
    activity().stir();
  }

 private:
  [[nodiscard]] bool under_way() override { return !answered_; }

  bool answered_ = false;
};

SystemInternet::SystemInternet(boost::asio::io_context& io, std::shared_ptr<Resolver> resolver,
                               Deliver deliver, std::shared_ptr<Activity> activity)
    : io_(io),
      deliver_(std::move(deliver)),
      resolver_(std::move(resolver)),
      activity_(std::move(activity)) {}

template <class... Values>
void SystemInternet::answer(const std::weak_ptr<Question>& question,
                            const std::function<void(Values...)>& whom,
                            const std::decay_t<Values>&... values) {
  if (const auto asked = question.lock()) asked->answered();
  boost::asio::post(io_, [this, whom, values..., life = std::weak_ptr(life_)] {
    if (!life.expired()) deliver_([&] { whom(values...); });
  });
}

bool SystemInternet::admits(const std::string& address) const {
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(address, error);
  return !error && resolver_->egress().admits(parsed);
}

cellular::Inquiry SystemInternet::resolve(const cellular::NameQuestion& asked, Resolved resolved) {
  auto question = std::make_shared<Question>(activity_);
  question->name =
      resolver_->start({asked.name, std::nullopt}, {asked.servers, DnsQuestion::Families::ipv4},
                       [this, about = std::weak_ptr(question), resolved = std::move(resolved),
                        of_name = !is_address(asked.name), life = std::weak_ptr(life_)](
                           boost::system::error_code, const Resolver::Answer& found) {
                         if (!life.expired()) answer(about, resolved, addresses_of(found, of_name));
                       });
  return question;
}

cellular::Inquiry SystemInternet::ping(const std::string& address, Echoed echoed) {
  auto question = std::make_shared<Question>(activity_);
  if (!admits(address)) {
    answer(std::weak_ptr(question), echoed, std::nullopt);
    return question;
  }
  IcmpEcho::start(io_, address, longest_wait,
                  [this, asked = std::weak_ptr(question), echoed = std::move(echoed),
                   life = std::weak_ptr(life_)](const std::optional<cellular::Echo>& echo) {
                    if (!life.expired()) answer(asked, echoed, echo);
                  });
  return question;
}

cellular::Inquiry SystemInternet::ask_time(const cellular::TimeServer& server, Timed timed) {
  auto question = std::make_shared<Question>(activity_);
  if (!admits(server.address)) {
    answer(std::weak_ptr(question), timed, std::nullopt);
    return question;
  }
  const auto place = resolver_->rules().apply({server.name, server.port});
  SntpQuestion::start(io_, server.address, place.port.value_or(server.port), longest_wait,
                      [this, asked = std::weak_ptr(question), timed = std::move(timed),
                       life = std::weak_ptr(life_)](const std::optional<std::int64_t>& unix_ms) {
                        if (!life.expired()) answer(asked, timed, unix_ms);
                      });
  return question;
}

}  // namespace net
