#include "data_services/link/ethernet.hpp"

#include <string_view>

namespace data_services::ethernet {
namespace {

constexpr std::string_view host_mac("\x02\x50\x50\x50\x00\x01", 6);
constexpr std::string_view everybody("\xFF\xFF\xFF\xFF\xFF\xFF", 6);

void append_u16(std::string& octets, std::uint32_t number) {
  octets += static_cast<char>((number >> 8U) & 0xFFU);
  octets += static_cast<char>(number & 0xFFU);
}

}  // namespace

std::string header(std::uint16_t type) {
  std::string frame(everybody);
  frame += host_mac;
  append_u16(frame, type);
  return frame;
}

std::string announcement(ppp::Address address) {
  constexpr std::string_view head("\x00\x01\x08\x00\x06\x04\x00\x01", 8);
  std::string place;
  append_u16(place, address >> 16U);
  append_u16(place, address);
  auto frame = header(arp);
  frame += head;
  frame += host_mac;
  frame += place;
  frame.append(host_mac.size(), '\0');
  frame += place;
  return frame;
}

}  // namespace data_services::ethernet
