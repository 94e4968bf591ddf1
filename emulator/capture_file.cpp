#include "emulator/capture_file.hpp"

#include "capture/at_record.hpp"

#include <fmt/core.h>

namespace emulator {

std::optional<std::string> CaptureFile::open(const std::string& path) {
  if (auto error = file_.open(path, "capture")) return error;
  file_.append(capture::section_header(fmt::format("eg91xq {}", EG91XQ_VERSION)));
  return std::nullopt;
}

void CaptureFile::line(std::string_view channel, capture::Direction direction,
                       std::string_view bytes, std::string_view comment) {
  if (!active()) return;
  const auto record = capture::at_record(direction, bytes);
  write(capture::LinkType::user0, channel,
        {.time = std::chrono::system_clock::now().time_since_epoch(),
         .direction = direction,
         .bytes = record,
         .comment = comment});
}

void CaptureFile::packet(std::string_view interface, capture::Direction direction,
                         std::string_view ip, std::chrono::system_clock::time_point at) {
  if (active())
    write(capture::LinkType::raw_ip, interface,
          {.time = at.time_since_epoch(), .direction = direction, .bytes = ip});
}

void CaptureFile::secret(std::string_view line) {
  if (active()) file_.append(capture::tls_secrets(fmt::format("{}\n", line)));
}

std::uint32_t CaptureFile::interface(capture::LinkType link_type, std::string_view name) {
  const auto found = interfaces_.find(name);
  if (found != interfaces_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(interfaces_.size());
  interfaces_.emplace(name, number);
  file_.append(capture::interface_description({.link_type = link_type, .name = name}));
  return number;
}

void CaptureFile::write(capture::LinkType link_type, std::string_view interface_name,
                        capture::Packet packet) {
  packet.interface = interface(link_type, interface_name);
  file_.append(capture::enhanced_packet(packet));
}

}  // namespace emulator
