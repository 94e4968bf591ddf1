#include "emulator/start_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>

#include <link.h>

namespace emulator {
namespace {

/// The first object is the program itself; its other segments can be written to.
int release(dl_phdr_info* object, std::size_t, void*) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  for (std::size_t i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const auto begin = (object->dlpi_addr + segment.p_vaddr) / page * page;
    const auto end = object->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 1;
}

}  // namespace

void release_start_memory() { ::dl_iterate_phdr(release, nullptr); }

}  // namespace emulator
