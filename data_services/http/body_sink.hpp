// Where the body of a response goes: to the host, or into a file. Implemented by who reads.
#pragma once

#include <cstddef>
#include <string_view>

namespace data_services {

class BodySink {
 public:
  virtual ~BodySink() = default;

  /// Bytes that it takes now. What it does not take stops the server.
  [[nodiscard]] virtual std::size_t room() = 0;
  /// At most so many.
  virtual void take(std::string_view bytes) = 0;
};

}  // namespace data_services
