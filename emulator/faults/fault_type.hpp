// The faults that there are: names, parameters with their ranges, and where each acts. One table
// for dispatch, checks, reference and API (contract CTL-10). Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace emulator::faults {

/// The moment at which a fault is looked for.
enum class Moment {
  reply,    // an answer is about to be said
  echo,     // the host's bytes are about to be said back
  prompt,   // a prompt is about to be said
  command,  // a command is about to run
  heard,    // a line of the host is complete
  data,     // data for a prompt begin
  open,     // a client's link is about to be opened
  packet,   // a packet of the broker has come
  boot,     // the module is switched on
  at_once,  // when it is set, or when what it waits for comes
};

struct Param {
  enum class Kind { none, number, text, word };

  std::string_view name{};
  Kind kind = Kind::none;
  std::int64_t low = 0;  // of a number; of a text its least length
  std::int64_t high = 0;
  std::string_view words{};  // of a word, with '|' between
  bool optional = false;
  std::string_view otherwise{};  // what stands for one that is left out, as typed
  std::string_view summary{};
};

struct FaultType {
  static constexpr std::size_t max_params = 6;

  std::string_view name;
  Moment moment;
  std::string_view summary;
  std::array<Param, max_params> params{};
  bool one_at_least = false;  // of its optional parameters
  bool of_links = false;      // a condition's client says whose link, or whose broker

  /// Null when it has none of that name.
  [[nodiscard]] const Param* param(std::string_view name) const;
};

constexpr std::int64_t longest_ms = 3'600'000;
constexpr std::int64_t longest_s = 86'400;
constexpr std::int64_t longest_jump_s = 3'153'600'000;  // a hundred years

/// Null for a name that is no type.
[[nodiscard]] const FaultType* find_type(std::string_view name);

/// Where something goes wrong, and what can.
struct FaultSubject {
  std::string_view name;
  std::vector<FaultType> types;
};
[[nodiscard]] const std::vector<FaultSubject>& all_subjects();
/// In the order of the subjects.
[[nodiscard]] const std::vector<FaultType>& all_types();

// The tables, one a subject.
[[nodiscard]] std::vector<FaultType> line_types();
[[nodiscard]] std::vector<FaultType> module_types();
[[nodiscard]] std::vector<FaultType> network_types();
[[nodiscard]] std::vector<FaultType> broker_types();
[[nodiscard]] std::vector<FaultType> tls_types();

/// What is allowed, as a person reads it: "0 to 3600000", "on or off".
[[nodiscard]] std::string allowed(const Param& param);

}  // namespace emulator::faults
