#include "data_services/ppp/options.hpp"

#include "data_services/ppp/control_packet.hpp"
#include "data_services/ppp/octets.hpp"

namespace data_services::ppp {

std::optional<std::vector<Option>> parse_options(std::string_view list) {
  std::vector<Option> options;
  while (!list.empty()) {
    if (list.size() < Option::header) return std::nullopt;
    const std::size_t length = read_u8(list, 1);
    if (length < Option::header || length > list.size()) return std::nullopt;
    options.push_back({read_u8(list, 0), list.substr(Option::header, length - Option::header)});
    list.remove_prefix(length);
  }
  return options;
}

void append_option(std::string& list, const Option& option) {
  append_u8(list, option.type);
  append_u8(list, static_cast<unsigned>(Option::header + option.value.size()));
  list += option.value;
}

void append_option_u16(std::string& list, std::uint8_t type, std::uint16_t value) {
  std::string bytes;
  append_u16(bytes, value);
  append_option(list, {type, bytes});
}

void append_option_u32(std::string& list, std::uint8_t type, std::uint32_t value) {
  std::string bytes;
  append_u32(bytes, value);
  append_option(list, {type, bytes});
}

void Judgement::reject(const Option& option) {
  append_option(rejected_, option);
  append_option(refused_, option);
}

void Judgement::nak(const Option& option, const Option& instead) {
  append_option(naked_, instead);
  append_option(refused_, option);
}

void Judgement::nak_u16(const Option& option, std::uint16_t instead) {
  append_option_u16(naked_, option.type, instead);
  append_option(refused_, option);
}

void Judgement::nak_u32(const Option& option, std::uint32_t instead) {
  append_option_u32(naked_, option.type, instead);
  append_option(refused_, option);
}

Judgement::Answer Judgement::answer(std::string_view list, bool may_nak) const {
  const auto& rejected = may_nak ? rejected_ : refused_;
  if (!rejected.empty()) return {code::configure_reject, rejected};
  if (may_nak && !naked_.empty()) return {code::configure_nak, naked_};
  return {code::configure_ack, std::string(list)};
}

}  // namespace data_services::ppp
