# Makes SOURCE, which holds every file of the page as a string.
function(make_page_files source)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/page/*.*)
  set(rows "")
  foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME)
    file(READ ${file} content)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    string(APPEND rows "    {\"${name}\", R\"EG91XQ(${content})EG91XQ\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[
#include "emulator/control/page_files.hpp"

namespace emulator::control {
namespace {

constexpr PageFile files[] = {
@rows@};

}  // namespace

std::span<const PageFile> page_files() { return files; }

}  // namespace emulator::control
]])
endfunction()
