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

// What the asker holds, and nobody else: it ends with the answer, or when none is wanted any more.
class SystemInternet::Question final : private Activity::Source {
 public:
  using Source::Source;

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

cellular::Inquiry SystemInternet::resolve(const std::string& name, Resolved resolved) {
  auto question = std::make_shared<Question>(activity_);
  resolver_->start({name, std::nullopt},
                   [this, asked = std::weak_ptr(question), resolved = std::move(resolved),
                    life = std::weak_ptr(life_)](boost::system::error_code, const auto& found) {
                     if (!life.expired()) answer(asked, resolved, addresses_of(found));
                   });
  return question;
}

cellular::Inquiry SystemInternet::ping(const std::string& address, Echoed echoed) {
  auto question = std::make_shared<Question>(activity_);
  IcmpEcho::start(io_, address, longest_wait,
                  [this, asked = std::weak_ptr(question), echoed = std::move(echoed),
                   life = std::weak_ptr(life_)](const std::optional<cellular::Echo>& echo) {
                    if (!life.expired()) answer(asked, echoed, echo);
                  });
  return question;
}

cellular::Inquiry SystemInternet::ask_time(const cellular::TimeServer& server, Timed timed) {
  auto question = std::make_shared<Question>(activity_);
  const auto place = resolver_->rules().apply({server.name, server.port});
  SntpQuestion::start(io_, server.address, place.port.value_or(server.port), longest_wait,
                      [this, asked = std::weak_ptr(question), timed = std::move(timed),
                       life = std::weak_ptr(life_)](const std::optional<std::int64_t>& unix_ms) {
                        if (!life.expired()) answer(asked, timed, unix_ms);
                      });
  return question;
}

}  // namespace net
