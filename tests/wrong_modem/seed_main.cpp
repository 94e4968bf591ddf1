// Makes the sources of the wrong modem: seed_defects DEFECTS SOURCE_DIR TARGET_DIR. Each file that
// an edit names is copied, edited, and written as TARGET_DIR/room_file.cpp. An edit that does not
// fit is an error: the source has changed and the defect must follow.
#include "tests/wrong_modem/defect_list.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void apply(std::string& text, const wrong_modem::Edit& edit) {
  const auto place = text.find(edit.from);
  if (edit.from.empty() || place == std::string::npos)
    throw std::runtime_error(edit.file + " does not hold: " + edit.from);
  if (text.find(edit.from, place + 1) != std::string::npos)
    throw std::runtime_error(edit.file + " holds more than once: " + edit.from);
  text.replace(place, edit.from.size(), edit.to);
}

void seed(const fs::path& defects, const fs::path& source, const fs::path& target) {
  std::map<std::string, std::string> files;
  for (const auto& edit : wrong_modem::read_defects(defects).edits) {
    if (files.count(edit.file) == 0) files[edit.file] = contents(source / edit.file);
    apply(files[edit.file], edit);
  }
  fs::create_directories(target);
  for (const auto& [name, text] : files) {
    auto flat = name;
    std::replace(flat.begin(), flat.end(), '/', '_');
    std::ofstream(target / flat) << "#include \"tests/wrong_modem/seeded.hpp\"\n" << text;
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) throw std::runtime_error("seed_defects DEFECTS SOURCE_DIR TARGET_DIR");
  seed(argv[1], argv[2], argv[3]);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "seed_defects: " << error.what() << '\n';
  return 1;
}
