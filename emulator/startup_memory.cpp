#include "emulator/startup_memory.hpp"

#include <linux/mman.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

#include <link.h>
#include <malloc.h>

namespace emulator {
namespace {

/// Segments that nobody can have written to. The pages at their ends may belong to others, too.
int release_segments(dl_phdr_info* object, std::size_t, void*) {
  static const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const auto begin = object->dlpi_addr + segment.p_vaddr;
    const auto from = (begin + page - 1) / page * page;
    const auto to = (begin + segment.p_filesz) / page * page;
    // An address of the loader's is no pointer of ours.
    if (from < to) ::madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);  // NOLINT
  }
  return 0;
}

}  // namespace

void release_startup_memory() {
  ::dl_iterate_phdr(release_segments, nullptr);
  ::malloc_trim(0);
}

void enlarge_heap_pages() {
  constexpr std::uintptr_t large = 2 * 1024 * 1024;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("[heap]") == std::string::npos) continue;
    std::istringstream range(line);
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    range >> std::hex >> begin >> dash >> end;
    begin = (begin + large - 1) / large * large;
    end = end / large * large;
    if (begin < end)
      ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_COLLAPSE);  // NOLINT
  }
}

}  // namespace emulator
