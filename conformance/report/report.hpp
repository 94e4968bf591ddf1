// A run as a file: a page for people, a table for a repository, JUnit for a CI server. All are
// written beside their place and moved there, so that nobody reads half of one.
#pragma once

#include "conformance/run/catalogue.hpp"
#include "conformance/run/verdict.hpp"

#include <filesystem>
#include <string>

namespace conformance {

/// One self-contained page: what failed first, coverage by clause, times as a plot, every case.
std::string html_report(const RunResult& run, const Catalogue& catalogue);
std::string markdown_report(const RunResult& run, const Catalogue& catalogue);
std::string junit_report(const RunResult& run);

/// Throws std::runtime_error when the file cannot be written.
void write_whole(const std::filesystem::path& file, const std::string& content);

}  // namespace conformance
