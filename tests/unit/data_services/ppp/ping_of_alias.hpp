// A host of a data call, the alias of this machine, and a ping from one to the other.
#pragma once

#include "data_services/ppp/ip_packet.hpp"
#include "tests/unit/data_services/ppp/hex.hpp"

#include <string>

namespace ppp_test {

constexpr data_services::ppp::Address host = 0x0A00020F;
constexpr data_services::ppp::Address alias = 0x0A000202;

inline const std::string echo_request =
    hex("45 00 00 20 12 34 00 00 40 01 50 99 0A 00 02 0F 0A 00 02 02 08 00 19 27 00 07 00 01 70 69 "
        "6E 67");

}  // namespace ppp_test
