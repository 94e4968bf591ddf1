#include "data_services/link/poll_set.hpp"

#include <poll.h>
#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <utility>

#include <spdlog/spdlog.h>

namespace data_services {

// epoll has the events of poll.
static_assert(EPOLLIN == POLLIN && EPOLLPRI == POLLPRI && EPOLLOUT == POLLOUT &&
              EPOLLERR == POLLERR && EPOLLHUP == POLLHUP);

PollSet::PollSet(boost::asio::io_context& io) : epoll_(io) {
  const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
  boost::system::error_code error;
  if (descriptor >= 0) epoll_.assign(descriptor, error);
  if (descriptor < 0 || error) spdlog::warn("PPP: no epoll descriptor is to be had");
}

void PollSet::begin() {
  ++round_;
  named_.clear();
}

int PollSet::add(int descriptor, unsigned poll_events) {
  watch(descriptor, poll_events);
  named_.push_back(descriptor);
  return static_cast<int>(named_.size()) - 1;
}

void PollSet::watch(int descriptor, unsigned events) {
  auto& watched = watched_[descriptor];
  const bool is_new = watched.round == 0;
  watched.round = round_;
  if (!is_new && watched.events == events) return;
  watched.events = events;
  epoll_event event{};
  event.events = events;
  event.data.fd = descriptor;
  if (!epoll_.is_open()) return;
  if (is_new || ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_MOD, descriptor, &event) != 0)
    ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, descriptor, &event);
}

void PollSet::end() {
  std::erase_if(watched_, [this](const auto& entry) {
    if (entry.second.round == round_) return false;
    if (epoll_.is_open()) ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, entry.first, nullptr);
    return true;
  });
}

void PollSet::wait(std::function<void()> ready) {
  if (!epoll_.is_open() || std::exchange(waiting_, true)) return;
  epoll_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    [this, is_there = is_there_, ready = std::move(ready)](auto error) {
                      if (!*is_there) return;
                      waiting_ = false;
                      if (!error) ready();
                    });
}

void PollSet::look() {
  ready_.clear();
  if (!epoll_.is_open()) return;
  std::array<epoll_event, 256> events{};
  const int count =
      ::epoll_wait(epoll_.native_handle(), events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    ready_[event.data.fd] = event.events;
  }
}

unsigned PollSet::ready(int number) const {
  if (number < 0 || static_cast<std::size_t>(number) >= named_.size()) return 0;
  const auto found = ready_.find(named_[static_cast<std::size_t>(number)]);
  return found == ready_.end() ? 0 : found->second;
}

}  // namespace data_services
