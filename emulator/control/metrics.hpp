// Counts what happens to a modem, from the events of its journal, for Prometheus (contract CTL-18).
// Names that hosts choose are counted one by one up to a limit, the others together. Owned by the
// Unit.
#pragma once

#include "emulator/control/exposition.hpp"
#include "emulator/journal/journal.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator::control {

class Metrics {
 public:
  /// Sets of labels that a metric has at most; what comes further is counted as "other".
  static constexpr std::size_t most_series = 512;
  /// Publishes whose qos is remembered until their result.
  static constexpr std::size_t most_publishes = 4096;

  /// Counts from now on.
  explicit Metrics(journal::Journal& journal);

  /// Adds all that was counted, for the modem of that name.
  void show(Exposition& exposition, const std::string& modem) const;

 private:
  /// One metric: how often, by the values of its labels.
  struct Counter {
    std::string_view name;
    std::string_view help;
    std::vector<std::string_view> labels;
    std::map<std::vector<std::string>, std::uint64_t> counts{};

    void count(std::vector<std::string> values);
  };

  /// Of the seconds that a result took.
  static constexpr std::array<double, 9> bounds{0.001, 0.01, 0.1, 0.3, 1, 5, 15, 75, 150};

  void count(const journal::Event& event);
  void on_result(const journal::Event& event);
  void on_command(const journal::Event& event);
  void on_urc(const journal::Event& event);
  void on_packet(const journal::Event& event);
  void on_link(const journal::Event& event);

  journal::Journal& journal_;
  Counter commands_;
  Counter urcs_;
  Counter publishes_;
  Counter packets_;
  Counter retransmissions_;
  Counter links_;
  Counter stats_;
  Counter faults_;
  Counter findings_;
  std::array<std::uint64_t, bounds.size() + 1> took_{};
  double took_in_all_ = 0;
  std::map<std::pair<std::string, std::string>, std::string> under_way_;  // client, id: qos
  journal::Journal::Subscription subscription_;
};

}  // namespace emulator::control
