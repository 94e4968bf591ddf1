#include "emulator/describe.hpp"

#include "data_services/fota/urcs.hpp"
#include "emulator/device/urcs.hpp"
#include "mqtt_backend/urcs.hpp"

#include <fmt/format.h>

namespace emulator {
namespace {

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

std::string forms_of(const at::Registry::Row& row) {
  const bool basic = row.name.front() != '+';
  std::string forms;
  const auto add = [&](std::string_view form) {
    forms += fmt::format("{}{}", forms.empty() ? "" : ", ", form);
  };
  if (row.test != at::TestForm::none) add("test");
  if (row.reads) add("read");
  if (row.writes) add(basic ? "set" : "write");
  if (row.executes || row.bare) add("execution");
  return forms;
}

std::string entry_text(const at::Registry::Row& row) {
  auto text = fmt::format("\n## AT{}{}\n\n{}.\n\n", row.name,
                          row.key.empty() ? "" : fmt::format("=\"{}\"", row.key), row.summary);
  text += fmt::format("- Forms: {}\n", forms_of(row));
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

}  // namespace

std::string describe(const at::Registry& registry) {
  std::string text =
      "# AT commands\n\nMade by `eg91xq --describe` from the declarations that the program runs "
      "on.\n";
  for (const auto& row : registry.rows()) text += entry_text(row);
  text += "\n# URCs\n\n| URC | clause | meaning |\n|---|---|---|\n";
  for (const auto& urc : mqtt_backend::urcs)
    text += fmt::format("| `{}: {}` | note {} | {} |\n", urc.name, urc.params, urc.section,
                        urc.summary);
  const auto add = [&](const auto& urcs) {
    for (const auto& urc : urcs)
      text += fmt::format("| `{}{}{}` | {} | {} |\n", urc.name, urc.params.empty() ? "" : ": ",
                          urc.params, urc.section, urc.summary);
  };
  add(device::urcs);
  add(data_services::fota_urcs);
  return text;
}

}  // namespace emulator
