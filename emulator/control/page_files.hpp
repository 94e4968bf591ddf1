// The files of the page (room `page`), compiled into the program; page_files.cmake makes the list.
#pragma once

#include <span>
#include <string_view>

namespace emulator::control {

struct PageFile {
  std::string_view name;  // "index.html"
  std::string_view content;
};

[[nodiscard]] std::span<const PageFile> page_files();

}  // namespace emulator::control
