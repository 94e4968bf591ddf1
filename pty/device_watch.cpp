#include "pty/device_watch.hpp"

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
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>

namespace pty {

/// The inotify descriptor of an io_context, and whose its events are.
class DeviceWatches : public boost::asio::execution_context::service {
 public:
  static boost::asio::execution_context::id id;

  explicit DeviceWatches(boost::asio::execution_context& context)
      : service(context), io_(static_cast<boost::asio::io_context&>(context)), inotify_(io_) {}

  void shutdown() override {
    boost::system::error_code ignored;
    inotify_.close(ignored);
  }

  /// The number of the watch; -1, with errno, when there is none.
  int add(DeviceWatch& watch) {
    if (!inotify_.is_open() && !begin()) return -1;
    const int number =
        ::inotify_add_watch(inotify_.native_handle(), watch.device_.c_str(), IN_OPEN | IN_CLOSE);
    if (number >= 0) watched_[number] = {&watch, {}};
    return number;
  }

  void remove(int number) {
    if (watched_.erase(number) > 0 && inotify_.is_open())
      ::inotify_rm_watch(inotify_.native_handle(), number);
  }

  /// It is told what has come before it began.
  void started(int number) {
    const auto found = watched_.find(number);
    if (found == watched_.end() || found->second.news.empty()) return;
    unheard_.insert(number);
    tell_later();
  }

  DeviceEvents take(int number) {
    if (!inotify_.is_open()) return {};
    read();
    const auto found = watched_.find(number);
    auto mine = found == watched_.end() ? DeviceEvents() : std::exchange(found->second.news, {});
    unheard_.erase(number);
    tell_later();
    return mine;
  }

 private:
  static constexpr std::size_t read_size = 4096;  // bytes

  struct Watched {
    DeviceWatch* watch = nullptr;
    DeviceEvents news;  // that it has not been told
  };

  bool begin() {
    const int descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (descriptor < 0) return false;
    boost::system::error_code error;
    inotify_.assign(descriptor, error);
    if (error) {
      ::close(descriptor);
      errno = error.value();
      return false;
    }
    wait();
    return true;
  }

  /// Only when there is time for them: what is read already, and waits to be told, would be missed
  /// by a port that takes its news.
  void wait() {
    inotify_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                        [this](boost::system::error_code error) {
                          if (error) return;
                          read();
                          tell();
                          wait();
                        });
  }

  void read() {
    std::array<char, read_size> news;
    for (ssize_t size = 0; (size = ::read(inotify_.native_handle(), news.data(), news.size())) > 0;)
      sort({news.data(), static_cast<std::size_t>(size)});
  }

  void sort(std::string_view events) {
    while (events.size() >= sizeof(inotify_event)) {
      inotify_event event{};
      std::memcpy(&event, events.data(), sizeof event);
      const auto found = watched_.find(event.wd);
      if (found != watched_.end() && (event.mask & (IN_OPEN | IN_CLOSE)) != 0) {
        found->second.news.push_back((event.mask & IN_OPEN) != 0 ? DeviceEvent::opened
                                                                 : DeviceEvent::closed);
        unheard_.insert(event.wd);
      }
      events.remove_prefix(std::min(sizeof event + event.len, events.size()));
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
  boost::asio::posix::stream_descriptor inotify_;
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

DeviceEvents DeviceWatch::take_news() { return number_ < 0 ? DeviceEvents() : all_.take(number_); }

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
