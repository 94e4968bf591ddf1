#include "emulator/device/packet_data/usb_network.hpp"

namespace emulator::device {

using at::Command;

const std::array<Command<UsbNetwork>, 2>& UsbNetwork::commands() {
  static constexpr std::array<Command<UsbNetwork>, 2> table{{
      {.name = "+QNETDEVCTL",
       .params = {at::choice("op", {0, 1, 3}), at::number("cid", 1, 15),
                  at::choice("urc", {0, 1}).optional()},
       .read = &UsbNetwork::refuse,
       .write = &UsbNetwork::refuse_write,
       .test = at::TestForm::none,
       .section = "9.15",
       .summary = "Network device on USB: always ERROR, there is no USB here"},
      {.name = "+QNETDEVSTATUS",
       .read = &UsbNetwork::refuse,
       .exec = &UsbNetwork::refuse,
       .test = at::TestForm::none,
       .section = "9.16",
       .summary = "State of that device: always ERROR, there is no USB here"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

}  // namespace emulator::device
