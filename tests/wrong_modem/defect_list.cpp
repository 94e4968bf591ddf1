#include "tests/wrong_modem/defect_list.hpp"

#include <fstream>
#include <stdexcept>

namespace wrong_modem {
namespace {

Defect defect_of(const std::string& line) {
  const auto open = line.find(" [");
  const auto close = line.find("] ");
  if (open == std::string::npos || close == std::string::npos)
    throw std::runtime_error("a defect needs a name, a statement and a sentence: " + line);
  return {line.substr(0, open), line.substr(open + 2, close - open - 2), line.substr(close + 2)};
}

void add_line(std::string& text, const std::string& line) {
  if (!text.empty()) text += '\n';
  text += line;
}

void check_seeded(const DefectList& list) {
  std::string all;
  for (const auto& edit : list.edits) all += edit.to;
  constexpr std::string_view call = "seeded(\"";
  for (auto place = all.find(call); place != std::string::npos; place = all.find(call, place + 1)) {
    const auto start = place + call.size();
    const auto name = all.substr(start, all.find('"', start) - start);
    bool named = false;
    for (const auto& defect : list.defects) named = named || defect.name == name;
    if (!named) throw std::runtime_error("seeded but not named: " + name);
  }
  for (const auto& defect : list.defects)
    if (all.find(std::string(call) + defect.name + "\"") == std::string::npos)
      throw std::runtime_error("named but not seeded: " + defect.name);
}

}  // namespace

DefectList read_defects(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  DefectList list;
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || line.front() == '#') continue;
    if (line.rfind("defect ", 0) == 0)
      list.defects.push_back(defect_of(line.substr(7)));
    else if (line.rfind("edit ", 0) == 0)
      list.edits.push_back({line.substr(5), {}, {}});
    else if (line.front() == '-' && !list.edits.empty())
      add_line(list.edits.back().from, line.substr(1));
    else if (line.front() == '+' && !list.edits.empty())
      add_line(list.edits.back().to, line.substr(1));
    else
      throw std::runtime_error("cannot read the line: " + line);
  }
  check_seeded(list);
  return list;
}

}  // namespace wrong_modem
