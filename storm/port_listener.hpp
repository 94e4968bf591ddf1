// Who hears what a port does. Implemented by the Member.
#pragma once

#include <string>
#include <string_view>

namespace storm {

class PortListener {
 public:
  virtual ~PortListener() = default;
  virtual void opened() = 0;
  /// It could not be opened, or the other side has closed it. It is closed by now.
  virtual void closed(const std::string& why) = 0;
  /// `bytes` are valid during the call, in which the port may be closed.
  virtual void heard(std::string_view bytes) = 0;
};

}  // namespace storm
