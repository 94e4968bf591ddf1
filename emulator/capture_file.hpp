// The capture (`--capture FILE.pcapng`): one pcapng file of what every modem of the program hears
// and says, for Wireshark and tshark. An interface for each AT channel (link type user0), for the
// packets of data calls, and for what passes over the module's sockets, told as TCP and UDP; with
// the secrets of TLS in it. Waits for no disk, as the trace. Owned by the Emulator; any thread may
// add to it.
#pragma once

#include "capture/direction.hpp"
#include "capture/pcapng.hpp"
#include "emulator/line_file.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

class CaptureFile {
 public:
  /// A further section behind what the file has, as pcapng wants it. Returns what went wrong, in
  /// one line.
  [[nodiscard]] std::optional<std::string> open(const std::string& path);

  [[nodiscard]] bool active() const { return file_.active(); }

  /// What passed on the AT channel that is called so; `comment` in place of bytes that are not to
  /// be shown.
  void line(std::string_view channel, capture::Direction direction, std::string_view bytes,
            std::string_view comment = {});
  /// An IP packet that passed at this time.
  void packet(std::string_view interface, capture::Direction direction, std::string_view ip,
              std::chrono::system_clock::time_point at);
  /// A line of a TLS key log.
  void secret(std::string_view line);

  void flush() { file_.flush(); }

 private:
  [[nodiscard]] std::uint32_t interface(capture::LinkType link_type, std::string_view name);
  void write(capture::LinkType link_type, std::string_view interface_name, capture::Packet packet);

  LineFile file_;
  std::mutex mutex_;  // an interface is described before it is used
  std::map<std::string, std::uint32_t, std::less<>> interfaces_;  // by name, numbered as they come
};

}  // namespace emulator
