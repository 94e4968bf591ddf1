#include "emulator/first_word.hpp"

#include "emulator/ctl/ctl.hpp"
#include "emulator/doctor/doctor.hpp"
#include "emulator/fota_package/fota_package.hpp"
#include "emulator/options.hpp"

#include <array>
#include <string>
#include <utility>

namespace emulator {

std::span<const FirstWord> first_words() {
  static constexpr std::array words{
      FirstWord{"ctl", "Talk to a running modem", ctl::run, ctl::completed_places},
      FirstWord{"doctor", "Check what this machine lacks for a modem", doctor::run,
                [] { return completed_options("eg91xq doctor"); }},
      FirstWord{fota_package::name, "Make an update package for AT+QFOTADL", fota_package::run,
                fota_package::completed_places},
  };
  return words;
}

void add_first_words(std::vector<command_line::CompletedPlace>& places) {
  for (const auto& first : first_words()) {
    places.front().next.push_back({std::string(first.word), first.about});
    auto behind = first.places();
    places.insert(places.end(), std::make_move_iterator(behind.begin()),
                  std::make_move_iterator(behind.end()));
  }
}

}  // namespace emulator
