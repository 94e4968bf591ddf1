// Pieces of the page that the report is put together from.
#pragma once

#include "conformance/run/catalogue.hpp"
#include "conformance/run/verdict.hpp"

#include <string>
#include <string_view>

namespace conformance::html {

/// Style sheet; light and dark, wide and narrow.
extern const std::string_view style;

/// Safe inside elements and quoted attributes.
std::string text(std::string_view raw);
/// The name of a verdict, with soft hyphens for a narrow column.
std::string breakable(std::string_view name);
/// A label in the colour of its verdict.
std::string label(Verdict verdict);
/// A bar cut by verdicts.
std::string bar(const Counts& counts);
/// The conversation of a case, one line an event.
std::string conversation(const CaseResult& result);
/// Expected and got, the first difference marked.
std::string difference(const Difference& difference);
/// Times of all commands against their limits, on a logarithmic axis.
std::string timing_plot(const RunResult& run);

}  // namespace conformance::html
