// Replies on an FTP control connection (RFC 959 4.2): from bytes to replies, and what stands in
// those that carry something. Pure; a reader is owned by an FtpControl.
#pragma once

#include "data_services/transport.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace data_services {

struct FtpReply {
  int code = 0;
  std::string text{};  // of its first line, without the code

  [[nodiscard]] bool is_preliminary() const { return code < 200; }
  [[nodiscard]] bool is_refusal() const { return code >= 400; }
};

class FtpReplyReader {
 public:
  /// Longest line in bytes, and most bytes of lines that make one reply.
  static constexpr std::size_t max_line = 2048;
  static constexpr std::size_t max_reply = std::size_t{64} * 1024;

  /// False when this is no FTP: nothing more can be made of it then.
  [[nodiscard]] bool feed(std::string_view bytes);

  /// The next whole reply.
  [[nodiscard]] std::optional<FtpReply> next();

 private:
  [[nodiscard]] bool end_line();

  std::string line_;
  std::optional<FtpReply> begun_;  // of several lines
  std::size_t size_ = 0;           // of its lines so far
  std::deque<FtpReply> whole_;
};

/// The place in a 227: four bytes of an address and two of a port, with commas.
[[nodiscard]] std::optional<Origin> passive_place(std::string_view text);
/// The port in a 229: `(|||PORT|)`.
[[nodiscard]] std::optional<std::uint16_t> extended_passive_port(std::string_view text);
/// The path in a 257, between quotes, of which one inside stands twice.
[[nodiscard]] std::optional<std::string> quoted_path(std::string_view text);

}  // namespace data_services
