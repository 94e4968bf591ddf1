# Whoever builds without a preset gets a program with its assertions, in every kind of build. ROOT is
# the repository, SCRATCH a folder for the trial.
cmake_minimum_required(VERSION 3.25)

set(kinds Release RelWithDebInfo MinSizeRel)
execute_process(COMMAND ${CMAKE_COMMAND} -G "Ninja Multi-Config" -S ${ROOT} -B ${SCRATCH}
  -DBUILD_TESTING=OFF "-DCMAKE_CONFIGURATION_TYPES=${kinds}" OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
foreach(kind IN LISTS kinds)
  file(STRINGS ${SCRATCH}/CMakeFiles/impl-${kind}.ninja flags REGEX "^  FLAGS = .*-O")
  if(NOT flags)
    message(FATAL_ERROR "${kind}: no flags of the compiler were found")
  endif()
  if(flags MATCHES "NDEBUG")
    message(FATAL_ERROR "${kind} is built without assertions")
  endif()
endforeach()
