// Tells that a device of this machine is opened and closed. All watches of an io_context share one
// inotify descriptor, of which a user may have few, so that a program can have many ports. Owned by
// a port; io_context thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace pty {

class DeviceWatches;

/// What was done with a device.
enum class DeviceEvent { opened, closed };
/// In their order; openings that followed each other without a pause may be one.
using DeviceEvents = std::vector<DeviceEvent>;

class DeviceWatch {
 public:
  using News = std::function<void(const DeviceEvents& events)>;

  explicit DeviceWatch(boost::asio::io_context& io);
  ~DeviceWatch() { close(); }
  DeviceWatch(const DeviceWatch&) = delete;
  DeviceWatch& operator=(const DeviceWatch&) = delete;

  /// Watches `device` from now on, in place of another. False, with errno: it cannot be watched.
  [[nodiscard]] bool open(const std::string& device);
  /// Who is told, never from inside a call.
  void start(News news);

  /// What has happened and was not told yet.
  [[nodiscard]] DeviceEvents take_news();

  /// Looks away, and forgets what was not told yet.
  void pause();
  /// Looks again. False, with errno: the device cannot be watched.
  [[nodiscard]] bool resume();

  void close();
  [[nodiscard]] bool active() const { return active_; }

 private:
  friend class DeviceWatches;

  DeviceWatches& all_;
  std::string device_;
  News news_;
  int number_ = -1;  // of the watch, while it looks
  bool active_ = false;
};

}  // namespace pty
