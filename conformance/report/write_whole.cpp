#include "conformance/report/report.hpp"

#include <fstream>
#include <stdexcept>

namespace conformance {

void write_whole(const std::filesystem::path& file, const std::string& content) {
  auto beside = file;
  beside += ".part";
  std::ofstream out(beside, std::ios::binary);
  out << content;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(beside, file, error);
  if (out && !error) return;
  std::filesystem::remove(beside, error);
  throw std::runtime_error("cannot write " + file.string());
}

}  // namespace conformance
