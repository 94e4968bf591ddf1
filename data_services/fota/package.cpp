#include "data_services/fota/package.hpp"

#include "at_engine/args.hpp"
#include "at_engine/text.hpp"

#include <algorithm>
#include <array>
#include <random>

#include <fmt/format.h>

namespace data_services {
namespace {

constexpr std::string_view first_line = "EG91XQ-FIRMWARE 1\n";
constexpr std::string_view size_name = "size";

struct Line {
  std::string_view name;
  std::string PackageHead::*value;
  bool is_required;
};
constexpr std::array<Line, 5> lines{{{"project", &PackageHead::project, true},
                                     {"revision", &PackageHead::revision, true},
                                     {"build", &PackageHead::build, false},
                                     {"baseline", &PackageHead::baseline, false},
                                     {"from", &PackageHead::from, false}}};

/// Without signs and leading zeros, so that a number has one form.
std::optional<std::uint32_t> parse_size(std::string_view text) {
  const auto value = at::is_number(text) ? at::parse_number(text) : std::nullopt;
  if (!value || *value > PackageHead::max_payload || std::to_string(*value) != text)
    return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

/// The lines come in their order, those that may be missing left out.
bool read_lines(std::string_view text, PackageHead& head) {
  const auto take = [&](std::string_view name) -> std::optional<std::string_view> {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    if (end == text.npos || !line.starts_with(name) || !line.substr(name.size()).starts_with(": "))
      return std::nullopt;
    text.remove_prefix(end + 1);
    return line.substr(name.size() + 2);
  };
  for (const auto& line : lines) {
    const auto value = take(line.name);
    if (!value && line.is_required) return false;
    if (value && !is_package_value(*value)) return false;
    if (value) head.*line.value = *value;
  }
  const auto written = take(size_name);
  const auto size = written ? parse_size(*written) : std::nullopt;
  head.payload = size.value_or(0);
  return size && text == "\n";
}

}  // namespace

bool is_package_value(std::string_view text) {
  return !text.empty() && text.size() <= PackageHead::max_value && at::is_printable(text) &&
         text.find('"') == text.npos;
}

std::string to_text(const PackageHead& head) {
  std::string text(first_line);
  for (const auto& line : lines)
    if (!(head.*line.value).empty()) text += fmt::format("{}: {}\n", line.name, head.*line.value);
  return text + fmt::format("{}: {}\n\n", size_name, head.payload);
}

std::optional<PackageHead> parse_head(std::string_view text) {
  if (text.size() > PackageHead::max_bytes || !text.starts_with(first_line)) return std::nullopt;
  PackageHead head;
  if (!read_lines(text.substr(first_line.size()), head)) return std::nullopt;
  return head;
}

std::string make_package(const PackageHead& head) {
  auto package = to_text(head);
  package.reserve(package.size() + head.payload + codec::Sha256::size);
  std::minstd_rand random(1);
  for (std::uint32_t i = 0; i < head.payload; ++i)
    package += static_cast<char>((random() >> 8U) & 0xFFU);
  codec::Sha256 digest;
  digest.take(package);
  return package + digest.finish();
}

FotaError judge(const PackageHead& head, const Firmware& running) {
  if (head.project != running.model) return FotaError::project;
  if (!running.revision.starts_with(head.baseline)) return FotaError::baseline;
  if (!head.from.empty() && head.from != running.revision) return FotaError::version;
  return FotaError::none;
}

bool PackageReader::take(std::string_view bytes) {
  if (bytes.size() > max_bytes - taken_) return false;
  taken_ += bytes.size();
  if (!head_ && !broken_) take_head(bytes);
  if (!head_) return true;
  take_payload(bytes);
  take_digest(bytes);
  take_filling(bytes);
  return true;
}

/// Up to the empty line; what is behind that is left.
void PackageReader::take_head(std::string_view& bytes) {
  constexpr std::string_view end = "\n\n";
  const auto before = text_.size();
  text_ += bytes.substr(0, PackageHead::max_bytes - before);
  const auto place = text_.find(end);
  if (place == std::string::npos) {
    broken_ = text_.size() >= PackageHead::max_bytes;
    return;
  }
  text_.resize(place + end.size());
  bytes.remove_prefix(text_.size() - before);
  head_ = parse_head(text_);
  broken_ = !head_;
  computed_.take(text_);
}

void PackageReader::take_payload(std::string_view& bytes) {
  const auto part = bytes.substr(0, head_->payload - payload_);
  computed_.take(part);
  payload_ += static_cast<std::uint32_t>(part.size());
  bytes.remove_prefix(part.size());
}

void PackageReader::take_digest(std::string_view& bytes) {
  const auto part = bytes.substr(0, codec::Sha256::size - digest_.size());
  digest_ += part;
  bytes.remove_prefix(part.size());
}

/// Hosts that upload whole blocks fill the last one up, as erased flash is.
void PackageReader::take_filling(std::string_view bytes) {
  if (!std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\xFF'; })) broken_ = true;
}

FotaError PackageReader::verdict() {
  if (!head_ || broken_ || digest_.size() != codec::Sha256::size) return FotaError::package;
  return computed_.finish() == digest_ ? FotaError::none : FotaError::digest;
}

}  // namespace data_services
