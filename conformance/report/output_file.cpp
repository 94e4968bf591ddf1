#include "conformance/report/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace conformance {
namespace {

namespace fs = std::filesystem;

/// Where a rename may put the file: at a regular one, or where nothing is yet; at the end of links.
std::optional<fs::path> replaceable(fs::path file) {
  constexpr int most_links = 40;
  std::error_code error;
  const auto type = fs::status(file, error).type();
  if (type != fs::file_type::regular && type != fs::file_type::not_found) return std::nullopt;
  for (int links = 0; links < most_links && fs::is_symlink(file, error); ++links)
    file = file.parent_path() / fs::read_symlink(file, error);
  return file;
}

/// A file beside its later place, with a name of its own; removed unless it gets there.
class Part {
 public:
  explicit Part(const fs::path& place) : name_(place.string() + ".XXXXXX") {
    descriptor_ = ::mkostemp(name_.data(), O_CLOEXEC);
    to_be_removed_ = descriptor_ >= 0;
  }
  ~Part() {
    if (to_be_removed_) ::unlink(name_.c_str());
    close();
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }

  /// For everybody, as far as the umask lets them.
  bool become(const fs::path& place) {
    const auto mask = ::umask(0);
    ::umask(mask);
    const bool there = ::fchmod(descriptor_, 0666 & ~mask) == 0 && close() &&
                       ::rename(name_.c_str(), place.c_str()) == 0;
    to_be_removed_ = !there;
    return there;
  }

 private:
  bool close() { return descriptor_ < 0 || ::close(std::exchange(descriptor_, -1)) == 0; }

  std::string name_;
  int descriptor_;
  bool to_be_removed_;
};

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool replace(const fs::path& place, std::string_view content) {
  Part part(place);
  return part.descriptor() >= 0 && write_all(part.descriptor(), content) && part.become(place);
}

bool write_through(const fs::path& file, std::string_view content) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_TRUNC | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool written = write_all(descriptor, content);
  const int error = errno;
  const bool closed = ::close(descriptor) == 0;
  if (!written) errno = error;
  return written && closed;
}

/// A FIFO is not opened: nobody may read it yet.
bool could_be_written(const fs::path& file) {
  if (const auto place = replaceable(file)) return Part(*place).descriptor() >= 0;
  std::error_code ignored;
  if (!fs::is_directory(file, ignored)) return ::access(file.c_str(), W_OK) == 0;
  errno = EISDIR;
  return false;
}

[[noreturn]] void complain(const fs::path& file) {
  throw std::runtime_error("cannot write " + file.string() + ": " +
                           std::generic_category().message(errno));
}

}  // namespace

OutputFile::OutputFile(fs::path file) : file_(std::move(file)) {
  if (!could_be_written(file_)) complain(file_);
}

void OutputFile::write(std::string_view content) const {
  const auto place = replaceable(file_);
  if (!(place ? replace(*place, content) : write_through(file_, content))) complain(file_);
}

}  // namespace conformance
