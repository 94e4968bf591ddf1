#include "emulator/control/exposition.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace emulator::control {
namespace {

std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\n')
      text += "\\n";
    else if (c == '"' || c == '\\')
      text.append({'\\', c});
    else
      text += c;
  }
  return text;
}

std::string sample(std::string_view name, const Labels& labels, double value) {
  std::vector<std::string> shown;
  shown.reserve(labels.size());
  for (const auto& [label, text] : labels)
    shown.push_back(fmt::format("{}=\"{}\"", label, escaped(text)));
  const auto in_braces =
      shown.empty() ? std::string() : fmt::format("{{{}}}", fmt::join(shown, ","));
  return fmt::format("{}{} {}\n", name, in_braces, value);
}

}  // namespace

Exposition::Metric& Exposition::metric(std::string_view name, std::string_view type,
                                       std::string_view help) {
  const auto found = std::find_if(metrics_.begin(), metrics_.end(),
                                  [&](const auto& metric) { return metric.name == name; });
  if (found != metrics_.end()) return *found;
  metrics_.push_back(
      {std::string(name), fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type), {}});
  return metrics_.back();
}

void Exposition::add(std::string_view name, Type type, std::string_view help, const Labels& labels,
                     double value) {
  metric(name, type == Type::counter ? "counter" : "gauge", help).samples +=
      sample(name, labels, value);
}

void Exposition::add(std::string_view name, std::string_view help, const Labels& labels,
                     const Histogram& histogram) {
  auto& samples = metric(name, "histogram", help).samples;
  const auto bucket = fmt::format("{}_bucket", name);
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i <= histogram.size; ++i) {
    so_far += histogram.counts[i];
    auto with_bound = labels;
    with_bound.emplace_back(
        "le", i < histogram.size ? fmt::format("{}", histogram.bounds[i]) : std::string("+Inf"));
    samples += sample(bucket, with_bound, static_cast<double>(so_far));
  }
  samples += sample(fmt::format("{}_sum", name), labels, histogram.sum);
  samples += sample(fmt::format("{}_count", name), labels, static_cast<double>(so_far));
}

std::string Exposition::text() const {
  std::string text;
  for (const auto& metric : metrics_) text += metric.head + metric.samples;
  return text;
}

}  // namespace emulator::control
