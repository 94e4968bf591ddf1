// Under which names and ports the module finds what the program offers beside it. All of it is on
// this machine's loopback.
#pragma once

#include <cstdint>
#include <string_view>

namespace emulator::demo {

inline constexpr std::string_view loopback = "127.0.0.1";
inline constexpr std::string_view broker_name = "broker.demo";
inline constexpr std::uint16_t mqtt_port = 1883;
inline constexpr std::uint16_t mqtts_port = 8883;
inline constexpr std::uint16_t mutual_port = 8884;  // TLS with a certificate of the client
inline constexpr std::string_view time_name = "time.demo";
inline constexpr std::uint16_t ntp_port = 123;

}  // namespace emulator::demo
