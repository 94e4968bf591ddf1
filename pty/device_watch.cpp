#include "pty/device_watch.hpp"

#include "pty/byte_stream.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>
#include <unordered_map>
#include <utility>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

namespace pty {

/// The inotify descriptor of an io_context, and whose its events are.
class DeviceWatches : public boost::asio::execution_context::service {
 public:
  static boost::asio::execution_context::id id;

  explicit DeviceWatches(boost::asio::execution_context& context)
      : service(context), io_(static_cast<boost::asio::io_context&>(context)), inotify_(io_) {}

  void shutdown() override { inotify_.close(); }

  /// The number of the watch; -1, with errno, when there is none.
  int add(DeviceWatch& watch) {
    if (!inotify_.attached() && !begin()) return -1;
    const int number =
        ::inotify_add_watch(inotify_.native(), watch.device_.c_str(), IN_OPEN | IN_CLOSE);
    if (number >= 0) watched_[number] = {&watch, {}};
    return number;
  }

  void remove(int number) {
    if (watched_.erase(number) > 0 && inotify_.attached())
      ::inotify_rm_watch(inotify_.native(), number);
  }

  /// It is told what has come before it began.
  void started(int number) {
    const auto found = watched_.find(number);
    if (found == watched_.end() || found->second.news.empty()) return;
    unheard_.insert(number);
    tell_later();
  }

  std::string take(int number) {
    if (!inotify_.attached()) return {};
    std::array<char, ByteStream::read_size> news;
    for (ssize_t size = 0; (size = ::read(inotify_.native(), news.data(), news.size())) > 0;)
      sort({news.data(), static_cast<std::size_t>(size)});
    const auto found = watched_.find(number);
    auto mine = found == watched_.end() ? std::string() : std::exchange(found->second.news, {});
    unheard_.erase(number);
    tell_later();
    return mine;
  }

 private:
  struct Watched {
    DeviceWatch* watch = nullptr;
    std::string news;  // that it has not been told
  };

  bool begin() {
    const int descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (descriptor < 0) return false;
    if (const auto error = inotify_.attach(descriptor)) {
      errno = error.value();
      return false;
    }
    inotify_.read({[this](std::string_view events) {
                     sort(events);
                     tell();
                   },
                   [](boost::system::error_code error) {
                     spdlog::warn("pty: no watch: {}", error.message());
                   }});
    return true;
  }

  void sort(std::string_view events) {
    while (events.size() >= sizeof(inotify_event)) {
      inotify_event event{};
      std::memcpy(&event, events.data(), sizeof event);
      const auto size = sizeof event + event.len;
      if (const auto found = watched_.find(event.wd); found != watched_.end()) {
        found->second.news += events.substr(0, size);
        unheard_.insert(event.wd);
      }
      events.remove_prefix(std::min(size, events.size()));
    }
  }

  /// What it tells may end any of them.
  void tell() {
    for (const int number : std::exchange(unheard_, {})) {
      const auto found = watched_.find(number);
      if (found == watched_.end() || found->second.news.empty() || !found->second.watch->news_)
        continue;
      const auto news = std::exchange(found->second.news, {});
      const auto told = found->second.watch->news_;
      told(news);
    }
  }

  /// What was read for one of them may have been news for others.
  void tell_later() {
    if (!unheard_.empty()) boost::asio::post(io_, [this] { tell(); });
  }

  boost::asio::io_context& io_;
  ByteStream inotify_;
  std::unordered_map<int, Watched> watched_;
  std::set<int> unheard_;  // those that have news
};

boost::asio::execution_context::id DeviceWatches::id;

DeviceWatch::DeviceWatch(boost::asio::io_context& io)
    : all_(boost::asio::use_service<DeviceWatches>(io)) {}

bool DeviceWatch::open(const std::string& device) {
  pause();
  device_ = device;
  active_ = resume();
  return active_;
}

void DeviceWatch::start(News news) {
  news_ = std::move(news);
  all_.started(number_);
}

std::string DeviceWatch::take_news() { return number_ < 0 ? std::string() : all_.take(number_); }

void DeviceWatch::pause() {
  if (number_ >= 0) all_.remove(std::exchange(number_, -1));
}

bool DeviceWatch::resume() {
  number_ = all_.add(*this);
  return number_ >= 0;
}

void DeviceWatch::close() {
  pause();
  active_ = false;
}

}  // namespace pty
