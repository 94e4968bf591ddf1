#include "emulator/describe.hpp"

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

std::string forms_of(const at::Registry::Entry& entry) {
  const bool basic = entry.declaration.name.front() != '+';
  std::string forms;
  const auto add = [&](std::string_view form) {
    forms += fmt::format("{}{}", forms.empty() ? "" : ", ", form);
  };
  if (entry.declaration.test != at::TestForm::none) add("test");
  if (entry.read) add("read");
  if (entry.write) add(basic ? "set" : "write");
  if (entry.exec || entry.bare) add("execution");
  return forms;
}

std::string entry_text(const at::Registry::Entry& entry) {
  const auto& declared = entry.declaration;
  auto text = fmt::format("\n## AT{}{}\n\n{}.\n\n", declared.name,
                          declared.key.empty() ? "" : fmt::format("=\"{}\"", declared.key),
                          declared.summary);
  text += fmt::format("- Forms: {}\n", forms_of(entry));
  if (declared.test == at::TestForm::declared)
    text += fmt::format("- `=?`: `{}`\n", at::test_line(declared));
  text += fmt::format("- Maximum response time: {}\n", limit_of(declared.limit));
  text += fmt::format("- Source: {}, {}\n", name_of(declared.source), declared.section);
  if (declared.params.size() == 0) return text;
  text += "\n| parameter | range | |\n|---|---|---|\n";
  for (const auto& param : declared.params)
    text += fmt::format("| `<{}>` | {} | {} |\n", param.name, range_of(param),
                        param.is_optional ? "optional" : "");
  if (declared.repeats != 0)
    text += fmt::format("\nThe last {} may be repeated.\n",
                        declared.repeats == 1 ? "parameter" : "pair of parameters");
  return text;
}

}  // namespace

std::string describe(const at::Registry& registry) {
  std::string text =
      "# AT commands\n\nMade by `eg91xq --describe` from the declarations that the program runs "
      "on.\n";
  for (const auto& entry : registry.entries()) text += entry_text(entry);
  text += "\n# URCs\n\n| URC | clause | meaning |\n|---|---|---|\n";
  for (const auto& urc : mqtt_backend::urcs)
    text += fmt::format("| `{}: {}` | note {} | {} |\n", urc.name, urc.params, urc.section,
                        urc.summary);
  for (const auto& urc : device::urcs)
    text += fmt::format("| `{}{}{}` | {} | {} |\n", urc.name, urc.params.empty() ? "" : ": ",
                        urc.params, urc.section, urc.summary);
  return text;
}

}  // namespace emulator
