// Commands to the card itself: what AT+CRSM, AT+CSIM and AT+CGLA pass on, and its answers with
// their status words (102.221). Owned by the Sim; one for the basic channel and one a logical
// channel.
#pragma once

#include "emulator/device/sim_card.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace emulator::device {

/// What a card answers: data and the two status bytes.
struct CardAnswer {
  std::string data;
  std::uint8_t sw1 = 0x90;
  std::uint8_t sw2 = 0x00;
};

class SimApdu {
 public:
  explicit SimApdu(const std::map<int, SimFile>& files) : files_(files) {}

  /// A whole command as bytes. Malformed ones get their status word too.
  CardAnswer run(const std::string& command);

  /// One of CRSM's commands (176, 178, 192, 214, 220, 242) on a file.
  [[nodiscard]] CardAnswer on_file(int command, int file_id, int p1, int p2, int p3) const;

 private:
  [[nodiscard]] CardAnswer select(const std::string& command);
  [[nodiscard]] static std::string describe(int file_id, const SimFile& file);

  const std::map<int, SimFile>& files_;
  int selected_ = 0;
};

/// True for the application of a USIM.
bool is_usim(const std::string& aid);

}  // namespace emulator::device
