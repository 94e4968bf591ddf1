// Parts of files by handle: AT+QFOPEN and what works on an open file.
#include "emulator/device/files/file_error.hpp"
#include "emulator/device/files/file_name.hpp"
#include "emulator/device/files/ufs.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Outcome;

constexpr std::size_t max_read = 6000;
constexpr int default_write = 10240;
constexpr int default_timeout_s = 5;

}  // namespace

Ufs::OpenFilePtr Ufs::opened(const at::Args& args) const {
  const auto found = open_.find(args.number(0));
  return found == open_.end() ? nullptr : found->second;
}

void Ufs::snapshot(at::Memo& memo) {
  static constexpr std::array<std::string_view, 3> modes{"create_or_open", "create_or_empty",
                                                         "read_only"};
  struct Handle {
    int number = 0;
    OpenFile file{};
  };
  std::vector<Handle> handles;
  for (const auto& [number, file] : open_) handles.push_back({number, *file});
  memo.list("open_files", handles, max_open, [&](Handle& handle) {
    const auto most = static_cast<std::int64_t>(flash_bytes);
    constexpr int last = first_handle + static_cast<int>(max_open) - 1;
    memo.whole("handle", handle.number, at::number("handle", first_handle, last));
    memo.text("name", handle.file.name, at::text("name", 1, max_file_name));
    memo.word("mode", handle.file.mode, modes);
    memo.whole("position", handle.file.position, at::number("position", 0, most));
    memo.require(exists(handle.file.name), "name", "is no file that there is");
  });
  if (!memo.restoring()) return;
  open_.clear();
  for (const auto& handle : handles) open_[handle.number] = std::make_shared<OpenFile>(handle.file);
}

// reading: names without prefix, as the sibling's manual shows them
Outcome Ufs::handles() {
  std::vector<std::string> lines;
  for (const auto& [handle, file] : open_)
    lines.push_back(
        fmt::format("+QFOPEN: \"{}\",{},{}", file->name, handle, static_cast<int>(file->mode)));
  return Outcome::ok(std::move(lines));
}

Outcome Ufs::open(const at::Args& args) {
  const auto name = file_name(args.text(0));
  const auto mode = static_cast<Mode>(args.number_or(1, 0));
  if (!name) return Outcome::cme(file_error::invalid_name);
  if (is_open(*name)) return Outcome::cme(file_error::already_open);
  if (open_.size() >= max_open) return Outcome::cme(file_error::too_many_open);
  // reading: a missing file is "not found", not "fail to open"
  if (mode == Mode::read_only && !exists(*name)) return Outcome::cme(file_error::not_found);
  if (!exists(*name) || mode == Mode::create_or_empty) {
    if (!fits(store_.sizes(), *name, 0)) return Outcome::cme(file_error::no_space);
    if (!store_.write(*name, {})) return Outcome::cme(file_error::open_failed);
  }
  int handle = first_handle;
  while (open_.count(handle) != 0) ++handle;
  open_[handle] = std::make_shared<OpenFile>(OpenFile{*name, mode});
  return Outcome::ok(fmt::format("+QFOPEN: {}", handle));
}

// reading: more than 6000 bytes in a call is a wrong input; at the end of the file there is
// "read zero byte" rather than CONNECT 0
Outcome Ufs::read(const at::Args& args) {
  const auto file = opened(args);
  if (!file) return Outcome::cme(file_error::invalid_handle);
  const auto content = store_.read(file->name);
  if (!content) return Outcome::cme(file_error::read_failed);
  if (file->position >= content->size()) return Outcome::cme(file_error::nothing_to_read);
  const auto wanted = static_cast<std::size_t>(args.number_or(1, static_cast<int>(max_read)));
  auto bytes = content->substr(file->position, wanted);
  file->position += bytes.size();
  auto announcement = fmt::format("CONNECT {}", bytes.size());
  return Outcome::ok().with(at::Download{std::move(announcement), std::move(bytes)});
}

// reading: silence keeps what came and is 421, as in an upload
Outcome Ufs::write(const at::Args& args) {
  const auto file = opened(args);
  if (!file) return Outcome::cme(file_error::invalid_handle);
  if (file->mode == Mode::read_only) return Outcome::cme(file_error::read_only);
  const auto length = static_cast<std::size_t>(args.number_or(1, default_write));
  const auto end = std::max(stored_size(file->name), file->position + length);
  if (args.given(1) && !fits(store_.sizes(), file->name, end))
    return Outcome::cme(file_error::no_space);

  at::Prompt prompt;
  prompt.introduction = at::Prompt::Introduction::connect;
  prompt.ending = at::Prompt::Ending::length_or_plus;
  prompt.echo = at::Prompt::Echo::never;
  prompt.length = length;
  prompt.timeout = std::chrono::seconds(args.number_or(2, default_timeout_s));
  prompt.timeout_from = at::Prompt::TimeoutFrom::last_byte;
  const std::weak_ptr<OpenFile> target = file;
  const auto finish = [this, target](const std::string& data, Outcome ending) {
    const auto still_open = target.lock();
    if (!still_open) return Outcome::cme(file_error::invalid_handle);
    return insert(*still_open, data, std::move(ending));
  };
  prompt.then = [finish](const std::string& data) { return finish(data, Outcome::ok()); };
  prompt.expired = [finish](const std::string& data) {
    return finish(data, Outcome::cme(file_error::timed_out));
  };
  return Outcome::prompt(std::move(prompt));
}

/// Puts `data` over what is at the pointer. What does not fit changes nothing.
Outcome Ufs::insert(OpenFile& file, const std::string& data, Outcome ending) {
  auto content = store_.read(file.name);
  if (!content) return Outcome::cme(file_error::read_failed);
  const auto place = std::min(file.position, content->size());
  content->replace(place, std::min(data.size(), content->size() - place), data);
  if (!fits(store_.sizes(), file.name, content->size())) return Outcome::cme(file_error::no_space);
  if (!store_.write(file.name, *content)) return Outcome::cme(file_error::write_failed);
  file.position = place + data.size();
  return std::move(ending).with(fmt::format("+QFWRITE: {},{}", data.size(), content->size()));
}

// reading: from the end the pointer moves towards the beginning, since offsets are not negative;
// a place outside the file is 401
Outcome Ufs::seek(const at::Args& args) {
  enum class Origin { beginning, pointer, end };
  const auto file = opened(args);
  if (!file) return Outcome::cme(file_error::invalid_handle);
  const auto size = stored_size(file->name);
  const auto offset = static_cast<std::size_t>(args.number(1));
  const auto origin = static_cast<Origin>(args.number_or(2, 0));
  const auto start = origin == Origin::pointer ? file->position : 0;
  if (start + offset > size) return Outcome::cme(file_error::beyond_the_end);
  file->position = origin == Origin::end ? size - offset : start + offset;
  return Outcome::ok();
}

Outcome Ufs::position(const at::Args& args) {
  const auto file = opened(args);
  if (!file) return Outcome::cme(file_error::invalid_handle);
  return Outcome::ok(fmt::format("+QFPOSITION: {}", file->position));
}

Outcome Ufs::truncate(const at::Args& args) {
  const auto file = opened(args);
  if (!file) return Outcome::cme(file_error::invalid_handle);
  if (file->mode == Mode::read_only) return Outcome::cme(file_error::read_only);
  const auto content = store_.read(file->name);
  if (!content) return Outcome::cme(file_error::read_failed);
  const bool cut = store_.write(file->name, std::string_view(*content).substr(0, file->position));
  return cut ? Outcome::ok() : Outcome::cme(file_error::write_failed);
}

Outcome Ufs::flush(const at::Args& args) {
  return opened(args) ? Outcome::ok() : Outcome::cme(file_error::invalid_handle);
}

Outcome Ufs::close(const at::Args& args) {
  return open_.erase(args.number(0)) != 0 ? Outcome::ok()
                                          : Outcome::cme(file_error::invalid_handle);
}

}  // namespace emulator::device
