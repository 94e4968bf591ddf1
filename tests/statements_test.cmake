# Every statement is named by a transcript or an integration test; every id that a test names is a
# statement. What is not built yet is listed here.
cmake_minimum_required(VERSION 3.25)
set(not_yet)

file(READ ${ROOT}/conformance/statements.csv rows)
string(REGEX MATCHALL "\n[A-Z]+-[^,]+" ids "${rows}")
list(TRANSFORM ids STRIP)

# Those of other contracts have lists of their own; the Python package tests itself.
foreach(list control data mux)
  file(STRINGS ${ROOT}/tests/${list}_statements.txt lines REGEX "^(not yet )?[A-Z]+-")
  list(APPEND others ${lines})
endforeach()
foreach(line IN LISTS others)
  string(REGEX MATCH "[A-Z]+-[0-9]+" id "${line}")
  if(line MATCHES "^not yet ")
    list(APPEND not_yet ${id})
  endif()
  list(APPEND ids ${id})
endforeach()

file(GLOB_RECURSE tests ${ROOT}/tests/*.at ${ROOT}/tests/integration/*.cpp
  ${ROOT}/tests/unit/*.cpp ${ROOT}/python/tests/*.py)
# Tests of the language itself name statements that there are not.
list(FILTER tests EXCLUDE REGEX "/unit/conformance/")
set(named)
foreach(test IN LISTS tests)
  file(READ ${test} text)
  if(test MATCHES "\\.cpp$")
    string(REGEX REPLACE "//[^\n]*" "" text "${text}")  # a comment tests nothing
  endif()
  string(REGEX MATCHALL "\\[[A-Z]+-[A-Za-z0-9./]+\\]" found "${text}")
  foreach(tag IN LISTS found)
    string(REGEX REPLACE "[][]" "" id "${tag}")
    list(APPEND named "${id}")
    if(NOT id IN_LIST ids)
      message(SEND_ERROR "${test} names ${id}, which is no statement")
    endif()
  endforeach()
endforeach()
list(REMOVE_DUPLICATES named)

set(proved 0)
foreach(id IN LISTS ids)
  if(id IN_LIST named)
    math(EXPR proved "${proved} + 1")
  elseif(NOT id IN_LIST not_yet)
    message(SEND_ERROR "no test names ${id}")
  endif()
endforeach()
list(LENGTH ids total)
message(STATUS "${proved} of ${total} statements have a test")
