// The switch of the wrong modem: the one defect that the environment asks for (EG91XQ_DEFECT).
// Included by the copies of sources that defects.txt edits; the product knows nothing of it.
#pragma once

#include <cstdlib>
#include <string_view>

inline bool seeded(std::string_view defect) {
  static const char* const wanted = std::getenv("EG91XQ_DEFECT");
  return wanted != nullptr && defect == wanted;
}
