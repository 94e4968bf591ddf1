// Whole files over the port: AT+QFUPL and AT+QFDWL.
#include "emulator/device/files/file_checksum.hpp"
#include "emulator/device/files/file_error.hpp"
#include "emulator/device/files/file_name.hpp"
#include "emulator/device/files/ufs.hpp"

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Outcome;

constexpr int default_size = 10240;
constexpr int default_timeout_s = 5;
constexpr std::size_t acknowledged_bytes = 1024;

}  // namespace

// reading: more than the flash has at all is 423, more than is free is 420, both before CONNECT;
// an open file is there, so its upload is 407 as well
Outcome Ufs::upload(const at::Args& args) {
  const auto name = file_name(args.text(0));
  if (!name) return Outcome::cme(file_error::invalid_name);
  if (exists(*name)) return Outcome::cme(file_error::exists);
  const auto size = static_cast<std::size_t>(args.number_or(1, default_size));
  if (size > flash_bytes) return Outcome::cme(file_error::too_large);
  if (!fits(store_.sizes(), *name, size)) return Outcome::cme(file_error::no_space);

  at::Prompt prompt;
  prompt.introduction = at::Prompt::Introduction::connect;
  prompt.ending = at::Prompt::Ending::length_or_plus;
  prompt.echo = at::Prompt::Echo::never;
  prompt.length = size;
  prompt.timeout = std::chrono::seconds(args.number_or(2, default_timeout_s));
  prompt.timeout_from = at::Prompt::TimeoutFrom::last_byte;
  if (args.number_or(3, 0) != 0) prompt.acknowledge_every = acknowledged_bytes;
  prompt.then = [this, name = *name](const std::string& data) {
    return keep(name, data, Outcome::ok());
  };
  prompt.expired = [this, name = *name](const std::string& data) {
    return keep(name, data, Outcome::cme(file_error::timed_out));
  };
  return Outcome::prompt(std::move(prompt));
}

/// What arrived becomes the file. Another channel may have been faster.
Outcome Ufs::keep(const std::string& name, const std::string& data, Outcome ending) {
  if (exists(name)) return Outcome::cme(file_error::exists);
  if (!fits(store_.sizes(), name, data.size())) return Outcome::cme(file_error::no_space);
  if (!store_.write(name, data)) return Outcome::cme(file_error::write_failed);
  return std::move(ending).with(fmt::format("+QFUPL: {},{:x}", data.size(), file_checksum(data)));
}

std::optional<std::size_t> Ufs::room_for(std::string_view typed) const {
  const auto name = file_name(typed);
  if (!name || is_open(*name)) return std::nullopt;
  const auto given_back = exists(*name) ? blocks_of(stored_size(*name)) * flash_block : 0;
  return free_bytes(store_.sizes()) + given_back;
}

bool Ufs::replace_file(std::string_view typed, std::string_view content) {
  const auto name = file_name(typed);
  return name && fits(store_.sizes(), *name, content.size()) && store_.write(*name, content);
}

Outcome Ufs::download(const at::Args& args) { return with_file(args, &Ufs::content_of); }

Outcome Ufs::content_of(const std::string& name) {
  auto content = store_.read(name);
  if (!content) return Outcome::cme(file_error::read_failed);
  auto line = fmt::format("+QFDWL: {},{:x}", content->size(), file_checksum(*content));
  return Outcome::ok(std::move(line)).with(at::Download{"", std::move(*content)});
}

}  // namespace emulator::device
