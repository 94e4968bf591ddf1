#include "capture/pcapng.hpp"

#include <utility>

namespace capture {
namespace {

constexpr std::size_t word = 4;

enum class BlockType : std::uint32_t {
  section_header = 0x0A0D0D0A,
  interface_description = 1,
  enhanced_packet = 6,
  decryption_secrets = 10
};

/// Codes of options; each block counts its own.
namespace option {
constexpr std::uint16_t end = 0;
constexpr std::uint16_t comment = 1;
constexpr std::uint16_t user_application = 4;
constexpr std::uint16_t interface_name = 2;
constexpr std::uint16_t interface_description = 3;
constexpr std::uint16_t time_resolution = 9;
constexpr std::uint16_t packet_flags = 2;
}  // namespace option

/// As much of a text as an option can hold, in whole characters of UTF-8.
std::string_view fitting(std::string_view text) {
  constexpr std::size_t max_option = 0xFFFF;
  if (text.size() <= max_option) return text;
  constexpr unsigned continuation_mask = 0xC0;
  constexpr unsigned continuation = 0x80;
  auto size = max_option;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & continuation_mask) == continuation)
    --size;
  return text.substr(0, size);
}

/// One block as it grows: its fields, then its options, then finish().
class Block {
 public:
  /// `beside`: bytes to come besides the lengths, as far as known.
  Block(BlockType type, std::size_t beside) {
    constexpr std::size_t around = 64;
    bytes_.reserve(around + beside);
    u32(static_cast<std::uint32_t>(type));
    u32(0);
  }

  void u16(std::uint16_t value) { append(value, sizeof value); }
  void u32(std::uint32_t value) { append(value, sizeof value); }
  void u64(std::uint64_t value) { append(value, sizeof value); }

  void padded(std::string_view bytes) {
    bytes_ += bytes;
    bytes_.append((word - bytes_.size() % word) % word, '\0');
  }

  void option(std::uint16_t code, std::string_view value) {
    if (value.empty()) return;
    const auto held = fitting(value);
    u16(code);
    u16(static_cast<std::uint16_t>(held.size()));
    padded(held);
    has_options_ = true;
  }

  [[nodiscard]] std::string finish() {
    if (has_options_) u32(option::end);
    const auto size = static_cast<std::uint32_t>(bytes_.size() + word);
    u32(size);
    bytes_.replace(word, word, bytes_, bytes_.size() - word, word);
    return std::move(bytes_);
  }

 private:
  void append(std::uint64_t value, std::size_t size) {
    constexpr unsigned octet = 8;
    for (std::size_t at = 0; at < size; ++at) {
      bytes_ += static_cast<char>(value & 0xFFU);
      value >>= octet;
    }
  }

  std::string bytes_;
  bool has_options_ = false;
};

/// The value of epb_flags; "" when there is nothing to tell.
std::string_view flags(std::optional<Direction> direction) {
  using namespace std::string_view_literals;
  if (!direction) return {};
  return *direction == Direction::received ? "\1\0\0\0"sv : "\2\0\0\0"sv;
}

}  // namespace

std::string section_header(std::string_view application) {
  constexpr std::uint32_t byte_order_magic = 0x1A2B3C4D;
  constexpr std::uint64_t unknown_length = ~std::uint64_t{0};
  Block block(BlockType::section_header, application.size());
  block.u32(byte_order_magic);
  block.u16(1);  // version 1.0
  block.u16(0);
  block.u64(unknown_length);
  block.option(option::user_application, application);
  return block.finish();
}

std::string interface_description(const Interface& interface) {
  constexpr std::string_view nanoseconds = "\x09";  // a power of ten
  Block block(BlockType::interface_description,
              interface.name.size() + interface.description.size());
  block.u16(static_cast<std::uint16_t>(interface.link_type));
  block.u16(0);
  block.u32(0);  // no limit to a packet
  block.option(option::interface_name, interface.name);
  block.option(option::interface_description, interface.description);
  block.option(option::time_resolution, nanoseconds);
  return block.finish();
}

std::string enhanced_packet(const Packet& packet) {
  constexpr unsigned half = 32;
  const auto captured = packet.bytes.substr(0, max_captured);
  const auto time = static_cast<std::uint64_t>(packet.time.count());
  Block block(BlockType::enhanced_packet, captured.size() + packet.comment.size());
  block.u32(packet.interface);
  block.u32(static_cast<std::uint32_t>(time >> half));
  block.u32(static_cast<std::uint32_t>(time));
  block.u32(static_cast<std::uint32_t>(captured.size()));
  block.u32(static_cast<std::uint32_t>(packet.bytes.size()));
  block.padded(captured);
  block.option(option::packet_flags, flags(packet.direction));
  block.option(option::comment, packet.comment);
  return block.finish();
}

std::string tls_secrets(std::string_view key_log) {
  constexpr std::uint32_t tls_key_log = 0x544C534B;
  Block block(BlockType::decryption_secrets, key_log.size());
  block.u32(tls_key_log);
  block.u32(static_cast<std::uint32_t>(key_log.size()));
  block.padded(key_log);
  return block.finish();
}

}  // namespace capture
