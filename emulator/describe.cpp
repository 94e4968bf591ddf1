#include "emulator/describe.hpp"

#include "data_services/fota/urcs.hpp"
#include "emulator/device/urcs.hpp"
#include "emulator/lint/rule.hpp"
#include "emulator/words.hpp"
#include "mqtt_backend/code_meanings.hpp"
#include "mqtt_backend/urcs.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace emulator {
namespace {

using nlohmann::json;

std::string_view name_of(at::Source source) {
  switch (source) {
    case at::Source::note:
      return "MQTT application note";
    case at::Source::manual:
      return "AT commands manual";
    case at::Source::sibling:
      return "sibling module's document";
    case at::Source::driver:
      return "host drivers";
    case at::Source::standard:
      return "standard";
    case at::Source::inferred:
      return "inferred";
  }
  return {};
}

std::string range_of(const at::Param& param) {
  if (param.kind == at::Kind::text) return fmt::format("text, {}-{} bytes", param.low, param.high);
  if (param.kind == at::Kind::number) return fmt::format("{}-{}", param.low, param.high);
  std::string list;
  for (std::size_t i = 0; i < param.choice_count; ++i)
    list += fmt::format("{}{}", i == 0 ? "" : ", ", param.choices[i]);
  return list;
}

std::string limit_of(at::Duration limit) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
  return ms < 1000 ? fmt::format("{} ms", ms) : fmt::format("{} s", ms / 1000);
}

std::vector<std::string> forms_of(const at::Registry::Row& row) {
  const bool basic = row.name.front() != '+';
  std::vector<std::string> forms;
  if (row.test != at::TestForm::none) forms.emplace_back("test");
  if (row.reads) forms.emplace_back("read");
  if (row.writes) forms.emplace_back(basic ? "set" : "write");
  if (row.executes || row.bare) forms.emplace_back("execution");
  return forms;
}

std::string heading_of(const at::Registry::Row& row) {
  return fmt::format("AT{}{}", row.name, row.key.empty() ? "" : fmt::format("=\"{}\"", row.key));
}

std::string entry_text(const at::Registry::Row& row) {
  auto text = fmt::format("\n## {}\n\n{}.\n\n", heading_of(row), row.summary);
  text += fmt::format("- Forms: {}\n", fmt::join(forms_of(row), ", "));
  if (row.test == at::TestForm::declared) text += fmt::format("- `=?`: `{}`\n", at::test_line(row));
  text += fmt::format("- Maximum response time: {}\n", limit_of(row.limit));
  text += fmt::format("- Source: {}, {}\n", name_of(row.source), row.section);
  if (row.params->size() == 0) return text;
  text += "\n| parameter | range | |\n|---|---|---|\n";
  for (const auto& param : *row.params)
    text += fmt::format("| `<{}>` | {} | {} |\n", param.name, range_of(param),
                        param.is_optional ? "optional" : "");
  if (row.repeats != 0)
    text += fmt::format("\nThe last {} may be repeated.\n",
                        row.repeats == 1 ? "parameter" : "pair of parameters");
  return text;
}

/// How sure it is that the module is so.
std::string_view confidence_of(at::Source source) {
  switch (source) {
    case at::Source::note:
    case at::Source::manual:
    case at::Source::standard:
      return "documented";
    case at::Source::sibling:
    case at::Source::driver:
      return "observed";
    case at::Source::inferred:
      return "inferred";
  }
  return {};
}

json described(const at::Param& param) {
  constexpr std::array<std::string_view, 3> kinds{"number", "choice", "text"};
  json shown{{"name", param.name},
             {"kind", kinds.at(static_cast<std::size_t>(param.kind))},
             {"low", param.low},
             {"high", param.high},
             {"optional", param.is_optional}};
  if (param.kind == at::Kind::choice)
    shown["choices"] = std::vector<std::int64_t>(
        param.choices.begin(),
        param.choices.begin() + static_cast<std::ptrdiff_t>(param.choice_count));
  if (!param.words.empty()) shown["words"] = split_words(param.words);
  return shown;
}

json described(const at::Registry::Row& row) {
  json shown{{"name", fmt::format("AT{}", row.name)},
             {"key", row.key},
             {"summary", row.summary},
             {"forms", forms_of(row)},
             {"limit", std::chrono::duration<double>(row.limit).count()},
             {"source", name_of(row.source)},
             {"section", row.section},
             {"confidence", confidence_of(row.source)},
             {"repeats", row.repeats},
             {"params", json::array()}};
  if (row.test == at::TestForm::declared) shown["test"] = at::test_line(row);
  for (const auto& param : *row.params) shown["params"].push_back(described(param));
  return shown;
}

/// Calls `add` with each URC and whether its section is one of the note.
template <class Add>
void each_urc(Add&& add) {
  for (const auto& urc : mqtt_backend::urcs) add(urc, true);
  for (const auto& urc : device::urcs) add(urc, false);
  for (const auto& urc : data_services::fota_urcs) add(urc, false);
}

std::string section_of(const at::Urc& urc, bool of_note) {
  return fmt::format("{}{}", of_note ? "note " : "", urc.section);
}

}  // namespace

std::string describe(const at::Registry& registry) {
  std::string text =
      "# AT commands\n\nMade by `eg91xq --describe` from the declarations that the program runs "
      "on.\n";
  for (const auto& row : registry.rows()) text += entry_text(row);
  text += "\n# URCs\n\n| URC | clause | meaning |\n|---|---|---|\n";
  each_urc([&](const at::Urc& urc, bool of_note) {
    text += fmt::format("| `{}{}{}` | {} | {} |\n", urc.name, urc.params.empty() ? "" : ": ",
                        urc.params, section_of(urc, of_note), urc.summary);
  });
  return text;
}

json describe_as_json(const at::Registry& registry) {
  json manual{{"commands", json::array()}, {"urcs", json::array()}};
  for (const auto& row : registry.rows()) manual["commands"].push_back(described(row));
  each_urc([&](const at::Urc& urc, bool of_note) {
    manual["urcs"].push_back({{"name", urc.name},
                              {"params", urc.params},
                              {"section", section_of(urc, of_note)},
                              {"summary", urc.summary}});
  });
  for (const auto& row : mqtt_backend::code_meanings)
    manual["codes"].push_back({{"urc", row.urc},
                               {"member", row.member},
                               {"code", row.code},
                               {"section", fmt::format("note {}", row.section)},
                               {"meaning", row.meaning},
                               {"advice", row.advice}});
  for (const auto& row : lint::rules)
    manual["lint"].push_back(
        {{"id", row.id}, {"clause", row.clause}, {"summary", row.summary}, {"help", row.help}});
  return manual;
}

}  // namespace emulator
