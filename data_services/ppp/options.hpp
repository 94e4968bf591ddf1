// Lists of configuration options: type, length, value, one behind the other (RFC 1661 section 6).
// Free functions for LCP and IPCP.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace data_services::ppp {

struct Option {
  /// Octets before the value.
  static constexpr std::size_t header = 2;

  std::uint8_t type = 0;
  std::string_view value{};

  friend bool operator==(const Option&, const Option&) = default;
};

/// The options of `list`, in which their values lie; nothing where a length leads out of it or is
/// too small to count.
[[nodiscard]] std::optional<std::vector<Option>> parse_options(std::string_view list);

void append_option(std::string& list, const Option& option);

/// An option whose value is `value` in 16 or 32 bits.
void append_option_u16(std::string& list, std::uint8_t type, std::uint16_t value);
void append_option_u32(std::string& list, std::uint8_t type, std::uint32_t value);

/// What an end makes of a list that the other end has asked for.
class Judgement {
 public:
  void reject(const Option& option);
  /// `instead` is what would do.
  void nak(const Option& option, const Option& instead);
  void nak_u16(const Option& option, std::uint16_t instead);
  void nak_u32(const Option& option, std::uint32_t instead);
  /// Asks for an option that the list lacks.
  void miss_u32(std::uint8_t type, std::uint32_t value) { append_option_u32(naked_, type, value); }

  struct Answer {
    std::uint8_t code = 0;  // configure_ack, configure_nak or configure_reject
    std::string options{};
  };

  /// Rejections go before the rest; with `may_nak` false what would be a nak is one of them. An
  /// ack repeats `list`.
  [[nodiscard]] Answer answer(std::string_view list, bool may_nak) const;

 private:
  std::string rejected_;
  std::string naked_;
  std::string refused_;  // what either is about, as it was asked for, in that order
};

}  // namespace data_services::ppp
