#include "at_engine/mux/control.hpp"

#include <algorithm>

namespace at::mux {

namespace {

constexpr unsigned last_octet = 0x01;  // EA
constexpr unsigned command_bit = 0x02;
constexpr std::size_t pn_size = 8;
constexpr std::size_t rpn_query_size = 1;

unsigned octet(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}
char as_char(std::size_t value) { return static_cast<char>(static_cast<unsigned char>(value)); }

std::string message(unsigned type, std::string_view values) {
  std::string bytes{as_char(type), as_char(values.size() << 1U | last_octet)};
  return bytes.append(values);
}

std::string negotiated_values(std::string_view values, std::size_t n1) {
  std::string agreed(values.substr(0, pn_size));
  constexpr std::size_t kind = 1;
  constexpr std::size_t size = 4;
  agreed[kind] = '\0';
  agreed[size] = as_char(n1 & 0xFFU);
  agreed[size + 1] = as_char(n1 >> 8U);
  return agreed;
}

/// 115200 baud, 8N1, no flow control, XON and XOFF, and a mask that names all of it.
/// reading: the rate told is 115200 at any rate of the line.
std::string port_settings(std::string_view query) {
  constexpr std::string_view settings("\x07\x03\x00\x11\x13\x7F\x3F", 7);
  return std::string(query).append(settings);
}

}  // namespace

std::optional<ControlMessage> parse_control(std::string_view data) {
  // reading: the limit counts type and length, and a longer message is not heard at all
  if (data.empty() || data.size() > ControlMessage::max_size) return std::nullopt;
  const auto type = static_cast<std::uint8_t>(octet(data, 0));
  std::size_t values = 1;
  while (values < data.size() && (octet(data, values) & last_octet) == 0) ++values;
  values = std::min(values + 1, data.size());
  return ControlMessage{.type = type, .values = data.substr(values)};
}

std::string control_command(ControlType type, std::string_view values) {
  return message(static_cast<unsigned>(type) | command_bit, values);
}

std::string control_answer(ControlType type, std::string_view values) {
  return message(static_cast<unsigned>(type), values);
}

std::optional<std::string> answer_to(const ControlMessage& command, std::size_t n1) {
  const auto type = command.kind();
  switch (type) {
    case ControlType::modem_status:
    case ControlType::test:
    case ControlType::flow_on:
    case ControlType::flow_off:
    case ControlType::power_saving:
    case ControlType::line_status:
    case ControlType::close_down:
      return control_answer(type, command.values);
    case ControlType::parameter_negotiation:
      if (const auto agreed = negotiate(command.values, n1))
        return control_answer(type, negotiated_values(command.values, agreed->n1));
      return std::nullopt;
    case ControlType::port_negotiation:
      if (command.values.size() == rpn_query_size)
        return control_answer(type, port_settings(command.values));
      return control_answer(type, command.values);
    case ControlType::not_supported:
      return std::nullopt;
    case ControlType::service_negotiation:
      break;
  }
  return control_answer(ControlType::not_supported, std::string{as_char(command.type)});
}

std::string modem_status(int dlci, const Signals& signals) {
  constexpr std::size_t ends_and_is_one = 0x03;
  return {as_char(static_cast<std::size_t>(dlci) << 2U | ends_and_is_one),
          as_char(octet_of(signals))};
}

std::optional<ModemStatus> modem_status_of(std::string_view values) {
  if (values.size() < 2) return std::nullopt;
  return ModemStatus{.dlci = static_cast<int>(octet(values, 0) >> 2U),
                     .signals = signals_of(octet(values, 1))};
}

std::optional<Negotiated> negotiate(std::string_view values, std::size_t n1) {
  if (values.size() < pn_size) return std::nullopt;
  constexpr unsigned dlci_bits = 0x3F;
  const std::size_t asked = octet(values, 4) | octet(values, 5) << 8U;
  return Negotiated{.dlci = static_cast<int>(octet(values, 0) & dlci_bits),
                    .n1 = asked == 0 ? n1 : std::min(asked, n1)};
}

}  // namespace at::mux
