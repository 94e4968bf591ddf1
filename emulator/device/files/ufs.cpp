#include "emulator/device/files/ufs.hpp"

#include "at_engine/text.hpp"
#include "codec/digest.hpp"
#include "emulator/device/files/file_error.hpp"
#include "emulator/device/files/file_name.hpp"

#include <limits>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::BadParam;
using at::Command;
using at::Outcome;
using at::Source;
using at::TestForm;

constexpr std::string_view everything = "*";
// Names are checked by file_name(); whatever fits into a line comes as far as that.
constexpr at::Param filename = at::text("filename", 0, 4096).as(at::Shown::angled);
constexpr std::int64_t any = std::numeric_limits<std::int32_t>::max();
constexpr at::Param filehandle = at::number("filehandle", 0, any).as(at::Shown::angled);

bool is_everything(std::string_view typed) {
  return typed == everything || at::equal_ignoring_case(typed, "UFS:*");
}

}  // namespace

const std::array<Command<Ufs>, 15>& Ufs::commands() {
  static constexpr std::array<Command<Ufs>, 15> table{{
      {.name = "+QFLDS",
       .params = {at::text("name_pattern", 0, 4096)},
       .write = &Ufs::space,
       .exec = &Ufs::used,
       .test = TestForm::bare,
       .bad_param = BadParam::file,
       .section = "2.1",
       .source = Source::sibling,
       .summary = "Room in the flash; without argument what files take, and their number"},
      {.name = "+QFLST",
       .params = {at::text("name_pattern", 0, 4096)},
       .write = &Ufs::list,
       .exec = &Ufs::list_all,
       .test = TestForm::bare,
       .bad_param = BadParam::file,
       .section = "2.2",
       .source = Source::sibling,
       .summary = "List files"},
      {.name = "+QFDEL",
       .params = {filename},
       .write = &Ufs::remove,
       .bad_param = BadParam::file,
       .section = "2.3",
       .source = Source::sibling,
       .summary = "Delete a file, or * for all"},
      {.name = "+QFUPL",
       .params = {filename, at::number("file_size", 1, any).optional(),
                  at::number("timeout", 1, 65535).optional(),
                  at::choice("ackmode", {0, 1}).optional()},
       .write = &Ufs::upload,
       .bad_param = BadParam::file,
       .takes_file = true,
       // reading: the range that a size may have, however much is free
       .shown = "<filename>[,(1-286720)[,(1-65535)[,(0,1)]]]",
       .section = "2.4",
       .source = Source::sibling,
       .summary = "Upload a file; at most 286720 bytes"},
      {.name = "+QFDWL",
       .params = {filename},
       .write = &Ufs::download,
       .bad_param = BadParam::file,
       .section = "2.5",
       .source = Source::sibling,
       .summary = "Download a file"},
      {.name = "+QFOPEN",
       .params = {filename, at::number("mode", 0, 2).optional()},
       .read = &Ufs::handles,
       .write = &Ufs::open,
       .bad_param = BadParam::file,
       .shown = "<filename>[,(0-2)]",
       .section = "2.6",
       .source = Source::sibling,
       .summary = "Open a file: 0 as it is or new, 1 emptied or new, 2 to read"},
      {.name = "+QFREAD",
       .params = {filehandle, at::number("length", 1, 6000).optional()},
       .write = &Ufs::read,
       .bad_param = BadParam::file,
       .shown = "<filehandle>[,<length>]",
       .section = "2.7",
       .source = Source::sibling,
       .summary = "Read from an open file"},
      {.name = "+QFWRITE",
       .params = {filehandle, at::number("length", 1, 10240).optional(),
                  at::number("timeout", 1, 100).optional()},
       .write = &Ufs::write,
       .bad_param = BadParam::file,
       .takes_file = true,
       .shown = "<filehandle>[,<length>[,<timeout>]]",
       .section = "2.8",
       .source = Source::sibling,
       .summary = "Write into an open file"},
      {.name = "+QFSEEK",
       .params = {filehandle, at::number("offset", 0, any),
                  at::number("position", 0, 2).optional()},
       .write = &Ufs::seek,
       .bad_param = BadParam::file,
       .shown = "<filehandle>,<offset>[,(0-2)]",
       .section = "2.9",
       .source = Source::sibling,
       .summary = "Move the pointer, from 0 the beginning, 1 itself, 2 the end (backwards)"},
      {.name = "+QFPOSITION",
       .params = {filehandle},
       .write = &Ufs::position,
       .bad_param = BadParam::file,
       .section = "2.10",
       .source = Source::sibling,
       .summary = "Where the pointer is"},
      {.name = "+QFTUCAT",
       .params = {filehandle},
       .write = &Ufs::truncate,
       .bad_param = BadParam::file,
       .section = "2.11",
       .source = Source::sibling,
       .summary = "Cut the file at the pointer"},
      {.name = "+QFFLUSH",
       .params = {filehandle},
       .write = &Ufs::flush,
       .bad_param = BadParam::file,
       .section = "2",
       .source = Source::sibling,
       .summary = "Write out what was written to the file; every write already did"},
      {.name = "+QFCLOSE",
       .params = {filehandle},
       .write = &Ufs::close,
       .bad_param = BadParam::file,
       .section = "2.12",
       .source = Source::sibling,
       .summary = "Close a file"},
      {.name = "+QFSIZE",
       .params = {filename},
       .write = &Ufs::size,
       .bad_param = BadParam::file,
       .section = "2",
       .source = Source::sibling,
       .summary = "Size of a file"},
      {.name = "+QFMD5",
       .params = {filename},
       .write = &Ufs::md5,
       .bad_param = BadParam::file,
       .section = "2",
       .source = Source::inferred,
       .summary = "MD5 of a file"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

std::optional<std::string> Ufs::read_file(std::string_view name) const {
  const auto known = file_name(name);
  if (!known) return std::nullopt;
  return store_.read(*known);
}

Outcome Ufs::used() {
  std::size_t bytes = 0;
  for (const auto& [name, size] : store_.sizes()) bytes += size;
  return Outcome::ok(fmt::format("+QFLDS: {},{}", bytes, store_.sizes().size()));
}

// reading: a storage that this class does not have is a wrong input, not a disk without answer
Outcome Ufs::space(const at::Args& args) {
  if (!at::equal_ignoring_case(args.text(0), "UFS")) return Outcome::cme(file_error::invalid_input);
  return Outcome::ok(fmt::format("+QFLDS: {},{}", free_bytes(store_.sizes()), flash_bytes));
}

Outcome Ufs::list_all() {
  std::vector<std::string> lines;
  for (const auto& [name, size] : store_.sizes())
    lines.push_back(fmt::format("+QFLST: \"{}{}\",{}", storage_prefix, name, size));
  return Outcome::ok(std::move(lines));
}

Outcome Ufs::list(const at::Args& args) {
  if (is_everything(args.text(0))) return list_all();
  const auto name = file_name(args.text(0));
  if (!name) return Outcome::cme(file_error::invalid_name);
  if (!exists(*name)) return Outcome::cme(file_error::not_found);
  return Outcome::ok(fmt::format("+QFLST: \"{}{}\",{}", storage_prefix, *name, stored_size(*name)));
}

Outcome Ufs::remove(const at::Args& args) {
  if (is_everything(args.text(0))) return remove_all();
  const auto name = file_name(args.text(0));
  if (!name) return Outcome::cme(file_error::invalid_name);
  if (!exists(*name)) return Outcome::cme(file_error::not_found);
  if (is_open(*name)) return Outcome::cme(file_error::already_open);
  return store_.remove(*name) ? Outcome::ok() : Outcome::cme(file_error::delete_failed);
}

// reading: nothing is deleted while a file is open
Outcome Ufs::remove_all() {
  if (!open_.empty()) return Outcome::cme(file_error::already_open);
  const auto sizes = store_.sizes();
  bool removed = true;
  for (const auto& [name, size] : sizes)
    if (!store_.remove(name)) removed = false;
  return removed ? Outcome::ok() : Outcome::cme(file_error::delete_failed);
}

/// Runs `action` on the file that the first argument names.
Outcome Ufs::with_file(const at::Args& args, Outcome (Ufs::*action)(const std::string&)) {
  const auto name = file_name(args.text(0));
  if (!name) return Outcome::cme(file_error::invalid_name);
  if (!exists(*name)) return Outcome::cme(file_error::not_found);
  return (this->*action)(*name);
}

Outcome Ufs::size(const at::Args& args) { return with_file(args, &Ufs::size_of); }
Outcome Ufs::md5(const at::Args& args) { return with_file(args, &Ufs::md5_of); }

Outcome Ufs::size_of(const std::string& name) {
  return Outcome::ok(fmt::format("+QFSIZE: {}", stored_size(name)));
}

// reading: quoted lower-case hex
Outcome Ufs::md5_of(const std::string& name) {
  const auto content = store_.read(name);
  if (!content) return Outcome::cme(file_error::read_failed);
  return Outcome::ok(fmt::format("+QFMD5: \"{}\"", at::hex(codec::md5(*content))));
}

bool Ufs::is_open(std::string_view name) const {
  for (const auto& [handle, file] : open_)
    if (file->name == name) return true;
  return false;
}

std::size_t Ufs::stored_size(std::string_view name) const {
  const auto found = store_.sizes().find(name);
  return found == store_.sizes().end() ? 0 : found->second;
}

}  // namespace emulator::device
