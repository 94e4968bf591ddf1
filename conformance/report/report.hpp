// A run as the text of a file: a page for people, a table for a repository, JUnit for a CI server.
#pragma once

#include "conformance/run/catalogue.hpp"
#include "conformance/run/verdict.hpp"

#include <string>

namespace conformance {

/// One self-contained page: what failed first, coverage by clause, times as a plot, every case.
std::string html_report(const RunResult& run, const Catalogue& catalogue);
std::string markdown_report(const RunResult& run, const Catalogue& catalogue);
std::string junit_report(const RunResult& run);

}  // namespace conformance
