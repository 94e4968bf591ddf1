// Frames of the multiplexer's basic option as the suite sends and hears them (27.010 5.2). What is
// heard is judged strictly: flags of its own around each frame, nothing between frames, a right
// check.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace conformance::mux {

/// Types of frames, P/F of commands and answers included.
constexpr unsigned sabm = 0x3F;
constexpr unsigned ua = 0x73;
constexpr unsigned disc = 0x53;
constexpr unsigned uih = 0xEF;

constexpr int last_dlci = 4;

/// A frame of the host: C/R is 1.
std::string frame(int dlci, unsigned type, std::string_view data = {});

/// What leads a host out of a multiplexer in any state: flags, and CLD.
std::string leave();

/// What stands at the front of what the unit says.
struct Heard {
  enum class Kind { begun, whole, wrong };

  Kind kind = Kind::begun;
  std::string wrong{};   // why it is no frame
  std::size_t size = 0;  // of a whole one, flags included
  int dlci = 0;
  bool command_response = false;
  unsigned type = 0;
  std::string data{};

  /// Data of a DLCI of the module, with the C/R and the type that are due.
  [[nodiscard]] bool is_data() const {
    return dlci > 0 && dlci <= last_dlci && !command_response && type == uih;
  }
  /// The module's MSC for a DLCI: its values, or nothing.
  [[nodiscard]] std::string_view modem_status() const;
};
Heard heard(std::string_view bytes);

}  // namespace conformance::mux
