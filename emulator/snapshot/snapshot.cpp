#include "emulator/snapshot/snapshot.hpp"

#include "at_engine/text.hpp"
#include "command_line/one_line.hpp"
#include "emulator/scenario_file.hpp"
#include "emulator/snapshot/json_memo.hpp"
#include "emulator/snapshot/scratch.hpp"
#include "emulator/snapshot/stores.hpp"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace emulator::snapshot {
namespace {

using nlohmann::json;
using Kind = Refusal::Kind;

Refusal damaged(std::string field, std::string detail) {
  return {Kind::damaged, std::move(detail), std::move(field)};
}

const std::string& iccid_of(const Modem& modem) { return modem.settings().device.card.iccid; }

std::string_view model_of(const Modem& modem) { return modem.settings().device.model->model; }

/// All of it but what is said of the document itself.
json content(Modem& modem, Stores& stores) {
  json written = json::object();
  WritingMemo memo(written);
  snapshot(memo, stores, iccid_of(modem));
  memo.group("module", [&] { modem.snapshot(memo); });
  written["surroundings"] = to_json(modem.device().scenario().written());
  return written;
}

std::string major_of(std::string_view text) { return std::string(text.substr(0, text.find('.'))); }

bool is_version(std::string_view text) {
  const auto point = text.find('.');
  const auto is_number = [](std::string_view digits) {
    return !digits.empty() && std::all_of(digits.begin(), digits.end(), at::is_digit);
  };
  return point != std::string_view::npos && is_number(text.substr(0, point)) &&
         is_number(text.substr(point + 1));
}

/// Whether the document is one that this module could be made from.
std::optional<Refusal> foreign(const Modem& modem, const json& document) {
  if (!document.is_object() || document.value("format", json()) != format)
    return damaged("format", fmt::format("must be \"{}\"", format));
  const auto written = document.value("version", json());
  const auto text = written.is_string() ? written.get<std::string>() : std::string();
  if (!is_version(text)) return damaged("version", "must be a text like \"1.0\"");
  if (major_of(text) != major_of(version))
    return Refusal{
        Kind::other_kind,
        fmt::format("the snapshot is of version {}, this program reads version {}", text, version),
        "version"};
  const auto model = document.value("model", json());
  if (!model.is_string()) return damaged("model", "must be a text");
  if (model != model_of(modem))
    return Refusal{Kind::other_kind,
                   fmt::format("the snapshot is of an {}, this module is an {}",
                               command_line::one_line(model.get<std::string>()), model_of(modem)),
                   "model"};
  if (!document.value("imei", json()).is_string()) return damaged("imei", "must be a text");
  return std::nullopt;
}

/// What a document says, checked.
struct Checked {
  Stores stores;
  device::Scene scene;
};

std::variant<device::Scene, Refusal> scene_of(const json& document) {
  if (!document.contains("surroundings")) return damaged("surroundings", "is missing");
  auto parsed = parse_scene_patch(document.at("surroundings").dump(), {});
  if (const auto* wrong = std::get_if<std::string>(&parsed)) {
    const auto blank = std::min(wrong->find(' '), wrong->size() - 1);
    return damaged("surroundings." + wrong->substr(0, blank), wrong->substr(blank + 1));
  }
  return std::get<device::SceneChange>(parsed).scene;
}

std::vector<std::string> channels_of(const json& document) {
  std::vector<std::string> names;
  const json::json_pointer place("/module/channels");
  if (!document.contains(place) || !document.at(place).is_array()) return names;
  for (const auto& channel : document.at(place))
    if (channel.is_object() && channel.contains("name") && channel.at("name").is_string() &&
        names.size() < Modem::max_channels)
      names.push_back(channel.at("name").get<std::string>());
  return names;
}

/// Makes a modem apart from the document and looks whether it would write the same one.
std::variant<Checked, Refusal> check(const Modem& modem, const json& document) {
  auto scene = scene_of(document);
  if (auto* refusal = std::get_if<Refusal>(&scene)) return std::move(*refusal);
  Checked checked{{}, std::get<device::Scene>(scene)};
  ReadingMemo memo(document);
  snapshot(memo, checked.stores, iccid_of(modem));
  if (memo.damage()) return damaged(memo.damage()->field, memo.damage()->detail);
  Scratch scratch(modem.settings(), checked.scene, checked.stores, channels_of(document));
  memo.group("module", [&] { scratch.modem().snapshot(memo); });
  if (memo.damage()) return damaged(memo.damage()->field, memo.damage()->detail);
  auto written = content(scratch.modem(), checked.stores);
  for (const auto* about : {"format", "version", "model", "imei"})
    written[about] = document.at(about);
  if (written != document)
    return damaged(first_difference(written, document), "is not what the module would be like");
  return checked;
}

}  // namespace

std::variant<json, Refusal> save(Modem& modem, const std::string& imei) {
  if (const auto what = modem.busy()) return Refusal{Kind::busy, *what};
  std::string unread;
  auto stores = stores_of(modem, unread);
  if (!stores) return Refusal{Kind::busy, fmt::format("the file {} cannot be read", unread)};
  auto document = content(modem, *stores);
  document["format"] = format;
  document["version"] = version;
  document["model"] = model_of(modem);
  document["imei"] = imei;
  return document;
}

std::optional<Refusal> restore(Modem& modem, const json& document) {
  if (auto refusal = foreign(modem, document)) return refusal;
  if (const auto what = modem.busy()) return Refusal{Kind::busy, *what};
  auto checked = check(modem, document);
  if (auto* refusal = std::get_if<Refusal>(&checked)) return std::move(*refusal);
  const auto& [stores, scene] = std::get<Checked>(checked);
  if (!replace(modem, stores))
    return Refusal{Kind::full, "the module's flash does not take what the snapshot has"};
  modem.device().scenario().restore(scene);
  ReadingMemo memo(document);
  memo.group("module", [&] { modem.snapshot(memo); });
  assert(!memo.damage());
  return std::nullopt;
}

}  // namespace emulator::snapshot
