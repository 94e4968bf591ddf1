// Other clients at the broker: mosquitto_sub and mosquitto_pub as child processes. What they see
// was really at the broker.
#pragma once

#include "tests/support/mosquitto.hpp"
#include "tests/support/program.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// A mosquitto_sub that has subscribed when the constructor returns.
class Subscriber {
 public:
  using Options = std::vector<std::string>;

  Subscriber(std::uint16_t port, const std::string& topic, int qos = 2, const Options& more = {});

  /// Waits for this message: its topic, qos, retain flag and every byte.
  bool heard(const std::string& topic, int qos, bool retain, std::string_view payload);
  /// Payloads of `topic` in order of arrival, once there are `count`.
  std::vector<std::string> payloads(const std::string& topic, std::size_t count);

  [[nodiscard]] Program& program() { return program_; }

 private:
  Program program_;
};

/// Waits for this text in the log of `broker`, which it writes after it has answered.
bool logs(const Mosquitto& broker, const std::string& text);

/// Returns once the broker has it (qos > 0) or it is sent. Throws std::runtime_error if not.
void publish(std::uint16_t port, const std::string& topic, std::string_view payload, int qos = 0,
             const std::vector<std::string>& more = {});
/// One message a line, all on one connection.
void publish_lines(std::uint16_t port, const std::string& topic, std::string_view lines,
                   int qos = 0);

}  // namespace support
