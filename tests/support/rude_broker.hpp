// A "broker" that says byte for byte what the test wants and understands nothing of what it hears.
// Serves one link, blocking; unlike ScriptedBroker it needs no io_context. Owned by a test case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace support {

class RudeBroker {
 public:
  RudeBroker();
  ~RudeBroker();
  RudeBroker(const RudeBroker&) = delete;
  RudeBroker& operator=(const RudeBroker&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// These three throw std::runtime_error when the modem does not do its part within `patience`.
  void accept();
  /// The next `size` bytes from the modem.
  std::string hear(std::size_t size);
  /// Whatever comes next, at least one byte.
  std::string hear_some();

  void say(std::string_view bytes) const;

 private:
  int listener_ = -1;
  int link_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace support
