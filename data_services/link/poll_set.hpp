// The descriptors that a library wants to be polled, as one epoll descriptor that Asio waits for.
// The library names them anew before each wait. Owned by what drives the library.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace data_services {

class PollSet {
 public:
  explicit PollSet(boost::asio::io_context& io);
  PollSet(const PollSet&) = delete;
  PollSet& operator=(const PollSet&) = delete;
  ~PollSet() { *is_there_ = false; }

  /// Between begin() and end() the descriptors are named, with events as of poll(); the answer is
  /// the number of each.
  void begin();
  int add(int descriptor, unsigned poll_events);
  void end();

  /// It is closed, and its number may be another's next.
  void forget(int descriptor) { watched_.erase(descriptor); }

  /// Calls `ready` once when one of them is; a second call changes nothing while one waits.
  void wait(std::function<void()> ready);
  /// Takes down which are ready now.
  void look();
  /// What descriptor `number` was ready for when last looked at, as poll events.
  [[nodiscard]] unsigned ready(int number) const;

 private:
  struct Watched {
    unsigned events = 0;
    std::size_t round = 0;
  };

  void watch(int descriptor, unsigned events);

  boost::asio::posix::stream_descriptor epoll_;
  std::unordered_map<int, Watched> watched_;  // by descriptor
  std::unordered_map<int, unsigned> ready_;
  std::vector<int> named_;
  std::size_t round_ = 0;
  bool waiting_ = false;
  std::shared_ptr<bool> is_there_ = std::make_shared<bool>(true);
};

}  // namespace data_services
