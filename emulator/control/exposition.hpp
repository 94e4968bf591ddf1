// Numbers in the text format of Prometheus (exposition format 0.0.4): each metric once, with its
// help and type, and its samples behind it. Made anew for each answer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator::control {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

class Exposition {
 public:
  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

  enum class Type { counter, gauge };

  /// Samples of a metric may come from several places; its help is that of the first.
  void add(std::string_view name, Type type, std::string_view help, const Labels& labels,
           double value);

  /// How often something took up to so many seconds: `upper` bounds and counts, the last one for
  /// what took longer.
  struct Histogram {
    const double* bounds;
    const std::uint64_t* counts;  // one more than bounds
    std::size_t size;             // of bounds
    double sum;
  };
  void add(std::string_view name, std::string_view help, const Labels& labels,
           const Histogram& histogram);

  [[nodiscard]] std::string text() const;

 private:
  struct Metric {
    std::string name;
    std::string head;  // help and type
    std::string samples;
  };
  Metric& metric(std::string_view name, std::string_view type, std::string_view help);

  std::vector<Metric> metrics_;
};

}  // namespace emulator::control
