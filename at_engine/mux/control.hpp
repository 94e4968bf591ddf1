// The control messages of DLCI 0 (MUX-24 to MUX-33, MUX-41; 27.010 5.4.6.3): what a frame's data
// say, and what the module answers. A message ends with its frame, whatever its own length says
// (T-28). Used by the Multiplexer.
#pragma once

#include "at_engine/mux/signals.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace at::mux {

/// The type octet as it stands in an answer: C/R clear, EA set.
enum class ControlType : std::uint8_t {
  modem_status = 0xE1,           // MSC
  close_down = 0xC1,             // CLD
  test = 0x21,                   // TEST
  parameter_negotiation = 0x81,  // PN
  flow_on = 0xA1,                // FCon
  flow_off = 0x61,               // FCoff
  power_saving = 0x41,           // PSC
  port_negotiation = 0x91,       // RPN
  line_status = 0x51,            // RLS
  service_negotiation = 0xD1,    // SNC
  not_supported = 0x11,          // NSC
};

struct ControlMessage {
  /// Longest message that is heard, its type and length included (MUX-33).
  static constexpr std::size_t max_size = 64;

  std::uint8_t type = 0;  // the octet as it came
  std::string_view values{};

  [[nodiscard]] bool is_command() const { return (type & 0x02U) != 0; }
  /// Of a type that is not in the list too.
  [[nodiscard]] ControlType kind() const { return static_cast<ControlType>(type & ~0x02U); }
};

/// Nothing if there is none, or a longer one than is heard.
[[nodiscard]] std::optional<ControlMessage> parse_control(std::string_view data);

/// The data of a frame that carries a command, or an answer, of the module.
[[nodiscard]] std::string control_command(ControlType type, std::string_view values);
[[nodiscard]] std::string control_answer(ControlType type, std::string_view values);

/// What the module answers to a command; nothing where it has no word for it. `n1` is the module's
/// limit of a frame's data.
[[nodiscard]] std::optional<std::string> answer_to(const ControlMessage& command, std::size_t n1);

/// The values of MSC for one DLCI.
[[nodiscard]] std::string modem_status(int dlci, const Signals& signals);

struct ModemStatus {
  int dlci;
  Signals signals;
};
[[nodiscard]] std::optional<ModemStatus> modem_status_of(std::string_view values);

struct Negotiated {
  int dlci;
  std::size_t n1;
};
/// What a PN command comes to with the module's `n1`; nothing if it is too short to be one.
[[nodiscard]] std::optional<Negotiated> negotiate(std::string_view values, std::size_t n1);

}  // namespace at::mux
