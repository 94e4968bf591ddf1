#include "emulator/device/sms/sms_number.hpp"

#include "emulator/device/sms/sms_pdu.hpp"

namespace emulator::device::sms {

std::optional<std::string> dialled(const at::Args& args, std::size_t at, Charset charset) {
  constexpr int international = 145;
  const auto text = typed(args.text(at), charset == Charset::ucs2 ? Charset::ucs2 : Charset::ira);
  if (!text) return std::nullopt;
  std::string number(text->begin(), text->end());
  if (!is_dialled(number)) return std::nullopt;
  const bool has_type = args.given(at + 1);
  if (has_type && args.number(at + 1) == international && number[0] != '+') number = "+" + number;
  return number;
}

}  // namespace emulator::device::sms
