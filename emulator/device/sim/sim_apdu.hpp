// Commands to the card itself: what AT+CRSM, AT+CSIM and AT+CGLA pass on, and its answers with
// their status words (102.221). Owned by the Sim; one for the basic channel and one a logical
// channel.
#pragma once

#include "at_engine/memo.hpp"
#include "emulator/device/sim/sim_card.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace emulator::device {

/// What a card answers: data and the two status bytes.
struct CardAnswer {
  std::string data;
  std::uint8_t sw1 = 0x90;
  std::uint8_t sw2 = 0x00;
};

class SimApdu {
 public:
  /// Tries left: for PIN 1 or 2, or for what unblocks it.
  using Tries = std::function<int(int pin, bool unblock)>;

  /// False while the card wants its PIN.
  using Open = std::function<bool()>;

  SimApdu(const std::map<int, SimFile>& files, Tries tries, Open open)
      : files_(files), tries_(std::move(tries)), open_(std::move(open)) {}

  /// A whole command as bytes. Malformed ones get their status word too.
  CardAnswer run(const std::string& command);

  /// The card is switched on or off: no file is selected.
  void deselect() { selected_ = 0; }

  void snapshot(at::Memo& memo) { memo.whole("selected", selected_, at::number("", 0, 0xFFFF)); }

  /// One of CRSM's commands (176, 178, 192, 214, 220, 242) on a file.
  [[nodiscard]] CardAnswer on_file(int command, int file_id, int p1, int p2, int p3) const;

 private:
  [[nodiscard]] CardAnswer select(const std::string& command);
  [[nodiscard]] static std::string describe(int file_id, const SimFile& file);

  [[nodiscard]] CardAnswer tries_left(const std::string& command) const;

  const std::map<int, SimFile>& files_;
  Tries tries_;
  Open open_;
  int selected_ = 0;
};

/// True for the application of a USIM.
bool is_usim(const std::string& aid);

}  // namespace emulator::device
