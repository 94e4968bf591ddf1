#include "emulator/lint_file.hpp"

#include "emulator/stores/whole_file.hpp"

#include <filesystem>
#include <system_error>

#include <fmt/core.h>

namespace emulator {

std::optional<std::string> LintFile::open(const std::string& path, lint::SarifLog::About about) {
  path_ = path;
  std::error_code error;
  const auto type = std::filesystem::status(path, error).type();
  whole_ =
      type == std::filesystem::file_type::regular || type == std::filesystem::file_type::not_found;
  if (!whole_)
    if (auto wrong = through_.open(path, "lint")) return wrong;
  log_.emplace(std::move(about));
  auto wrong = whole_ ? write(false) : std::nullopt;
  if (wrong) log_.reset();
  return wrong;
}

std::optional<std::string> LintFile::write(bool complete) const {
  const auto wrong = write_whole_file(path_, log_->text(complete));
  if (!wrong) return std::nullopt;
  return fmt::format("cannot write the lint to {}: {}", path_, *wrong);
}

std::optional<std::string> LintFile::finish(bool complete) {
  if (!log_) return std::nullopt;
  if (whole_) return write(complete);
  through_.append(log_->text(complete));
  through_.flush();
  return std::nullopt;
}

}  // namespace emulator
