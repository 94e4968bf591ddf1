// The numbers of +CME ERROR and +CMS ERROR that the module gives (manual tables 15 and 16). Their
// texts are in reply.cpp.
#pragma once

namespace at::cme {

constexpr int not_allowed = 3;
constexpr int not_supported = 4;
constexpr int sim_not_inserted = 10;
constexpr int sim_pin_required = 11;
constexpr int sim_puk_required = 12;
constexpr int sim_failure = 13;
constexpr int sim_busy = 14;
constexpr int incorrect_password = 16;
constexpr int sim_pin2_required = 17;
constexpr int sim_puk2_required = 18;
constexpr int memory_full = 20;
constexpr int invalid_index = 21;
constexpr int not_found = 22;
constexpr int memory_failure = 23;
constexpr int no_service = 30;
constexpr int network_timeout = 31;
constexpr int network_not_allowed = 32;
constexpr int incorrect_parameters = 50;
constexpr int invalid_input = 400;  // of the commands for files

}  // namespace at::cme

namespace at::cms {

constexpr int not_allowed = 302;
constexpr int invalid_pdu = 304;
constexpr int invalid_text = 305;
constexpr int sim_missing = 310;
constexpr int pin_necessary = 311;
constexpr int sim_failure = 313;
constexpr int sim_busy = 314;
constexpr int puk_required = 316;
constexpr int memory_failure = 320;
constexpr int invalid_index = 321;
constexpr int memory_full = 322;
constexpr int no_network = 331;
constexpr int nothing_to_acknowledge = 340;

}  // namespace at::cms
