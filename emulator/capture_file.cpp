#include "emulator/capture_file.hpp"

#include "capture/at_record.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/core.h>

namespace emulator {

namespace {

/// Whether a file holds whole blocks of pcapng from its first byte to its last, or nothing. What is
/// no regular file is a matter of who reads it.
bool can_be_continued(const std::string& path) {
  constexpr std::uint32_t section = 0x0A0D0D0A;
  constexpr std::uint32_t least = 12;
  std::error_code unknown;
  if (!std::filesystem::is_regular_file(path, unknown)) return true;
  std::ifstream file(path, std::ios::binary);
  const auto size = std::filesystem::file_size(path, unknown);
  for (std::uint64_t at = 0; at < size;) {
    std::array<std::uint32_t, 2> head{};  // type and length of a block
    file.seekg(static_cast<std::streamoff>(at));
    file.read(reinterpret_cast<char*>(head.data()), sizeof head);
    if (!file || head[1] < least || head[1] > size - at || (at == 0 && head[0] != section))
      return false;
    at += head[1];
  }
  return true;
}

}  // namespace

std::optional<std::string> CaptureFile::open(const std::string& path) {
  if (path.empty()) return "--capture: a file has a name";
  if (!can_be_continued(path))
    return fmt::format("--capture: {} holds something else than whole pcapng blocks", path);
  if (auto error = file_.open(path, "capture", LineFile::Content::blocks)) return error;
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
  const std::lock_guard lock(mutex_);
  packet.interface = interface(link_type, interface_name);
  file_.append(capture::enhanced_packet(packet));
}

}  // namespace emulator
