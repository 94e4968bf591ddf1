// A host's end of a modem's port as the benches use it, and a child that ends with its owner.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace bench {

class Port {
 public:
  /// A device, opened raw, or HOST:PORT with an IPv4 address. Throws std::runtime_error.
  explicit Port(const std::string& address);
  /// A terminal that is raw already, or a socket: it is closed here.
  explicit Port(int descriptor);
  ~Port();
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  void send(std::string_view bytes);
  /// What has come, at the latest after `limit_ms`; valid until the next call.
  std::string_view read(int limit_ms = 100);
  /// All up to and with `end`; what comes behind it is kept for the next. Throws after 10 s.
  std::string hear(std::string_view end);

 private:
  bool wait(short what, int limit_ms) const;

  int descriptor_;
  std::string heard_;
  std::array<char, std::size_t{64} * 1024> buffer_{};
};

/// Client 0 of the modem at `port` connected to that broker on 127.0.0.1; echo is off then.
void connect_client(Port& port, unsigned broker);

/// A listener at a free port of the loopback.
struct Listener {
  Listener();
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  [[nodiscard]] int accept() const;

  int descriptor;
  unsigned port = 0;
};

/// A connection without Nagle's delay to HOST:PORT; throws std::runtime_error.
int connect_to(const std::string& address);

class Child {
 public:
  explicit Child(const std::function<void()>& run);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  /// True when it ended by itself, well.
  bool ended_well();

 private:
  pid_t pid_;
};

}  // namespace bench
