#include "emulator/snapshot/stores.hpp"

#include "codec/digest.hpp"
#include "emulator/device/files/file_name.hpp"

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace emulator::snapshot {
namespace {

constexpr std::size_t most_names = 4096;
constexpr std::string_view card_mark = "/{card}";
constexpr auto name_range = at::text("name", 1, 256);
constexpr auto value_range = at::text("value", 0, std::int64_t{1} << 20U);
constexpr auto any_int =
    at::number("value", std::numeric_limits<int>::min(), std::numeric_limits<int>::max());

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string with_end(const std::string& name, std::string_view from, std::string_view to) {
  if (!ends_with(name, from)) return name;
  return name.substr(0, name.size() - from.size()) + std::string(to);
}

/// A map as a list of its entries.
template <class Map, class Visit>
void entries(at::Memo& memo, std::string_view name, Map& map, std::size_t most, Visit&& visit) {
  std::vector<std::pair<std::string, typename Map::mapped_type>> list(map.begin(), map.end());
  memo.list(name, list, most, visit);
  if (memo.restoring()) map = Map(list.begin(), list.end());
}

void snapshot_files(at::Memo& memo, Stores& stores) {
  constexpr auto most = device::flash_bytes / device::flash_block;
  constexpr auto encoded = at::text("content_base64", 0, device::flash_bytes * 2);
  device::FileSizes sizes;
  entries(memo, "files", stores.files, most, [&](auto& file) {
    auto& [name, content] = file;
    memo.text("name", name, at::text("name", 1, device::max_file_name));
    memo.require(device::file_name(name) == name, "name", "is no name of a file");
    auto text = codec::base64_encode(content);
    memo.text("content_base64", text, encoded);
    auto bytes = text.empty() ? std::make_optional<std::string>() : codec::base64_decode(text);
    memo.require(bytes.has_value(), "content_base64", "must be Base64 with its padding");
    if (memo.restoring()) content = std::move(bytes).value_or("");
    memo.require(
        device::fits(sizes, name, content.size()), "content_base64",
        fmt::format("does not fit: the module has {} bytes for files", device::flash_bytes));
    sizes[name] = content.size();
  });
}

/// Whether the file is one that this program has put there, which goes with its demo broker.
bool is_own(const device::FileStore& store, const std::string& name) {
  const auto content = store.read(name);
  return content && device::is_offered(*content);
}

/// Makes the files those of `wanted`, but for those of the program.
bool replace_files(device::FileStore& store, const std::map<std::string, std::string>& wanted) {
  for (const auto& [name, content] : wanted) {
    if (device::is_offered(content) && is_own(store, name)) continue;
    if (store.read(name) != content && !store.write(name, content)) return false;
  }
  const auto sizes = store.sizes();
  for (const auto& [name, size] : sizes)
    if (wanted.count(name) == 0 && !is_own(store, name) && !store.remove(name)) return false;
  return true;
}

bool put(const Modem::World& world, const Stores& stores) {
  return replace_files(world.files, stores.files) &&
         world.nvram.replace_settings(stores.settings) &&
         world.profiles.replace_profiles(stores.profiles);
}

}  // namespace

std::optional<Stores> stores_of(const Modem& modem, std::string& unread) {
  const auto& world = modem.world();
  Stores stores{world.nvram.all_settings(), world.profiles.all_profiles(), {}};
  for (const auto& [name, size] : world.files.sizes()) {
    auto content = world.files.read(name);
    if (!content) {
      unread = name;
      return std::nullopt;
    }
    stores.files[name] = *std::move(content);
  }
  return stores;
}

void snapshot(at::Memo& memo, Stores& stores, const std::string& iccid) {
  const auto own = "/" + iccid;
  memo.enter("flash");
  entries(memo, "settings", stores.settings, most_names, [&](auto& setting) {
    auto& [name, value] = setting;
    auto shown = with_end(name, own, card_mark);
    memo.text("name", shown, name_range);
    memo.bytes("value", value, value_range);
    if (memo.restoring()) name = with_end(shown, card_mark, own);
  });
  entries(memo, "profiles", stores.profiles, most_names, [&](auto& profile) {
    memo.text("channel", profile.first, name_range);
    entries(memo, "values", profile.second, most_names, [&](auto& value) {
      memo.text("name", value.first, name_range);
      memo.whole("value", value.second, any_int);
    });
  });
  memo.leave();
  snapshot_files(memo, stores);
}

bool replace(const Modem& modem, const Stores& stores) {
  std::string unread;
  const auto before = stores_of(modem, unread);
  if (!before) return false;
  if (put(modem.world(), stores)) return true;
  static_cast<void>(put(modem.world(), *before));
  return false;
}

}  // namespace emulator::snapshot
