# What the presets asan and fuzz build and run, in one schedule with the tests of this build: they
# compute, at a lower priority, while others wait.
function(add_build preset)
  add_test(NAME build_${preset} COMMAND nice ${PROJECT_SOURCE_DIR}/scripts/build ${preset} ${ARGN})
  set_tests_properties(build_${preset} PROPERTIES FIXTURES_SETUP ${preset} COST 2000 PROCESSORS 3
    RESOURCE_LOCK compiler TIMEOUT 2400)
endfunction()

function(add_test_of preset name)
  add_test(NAME ${name} COMMAND nice ${ARGN})
  set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED ${preset} COST 500 PROCESSORS 3
    TIMEOUT 1800)
endfunction()

set(asan ${PROJECT_SOURCE_DIR}/build/asan/bin)
# The flags of dev, and more: dev is not built beside it.
add_build(asan eg91xq unit_tests conformance_tests)
add_test_of(asan asan_unit ${asan}/unit_tests "~[sim]")
add_test_of(asan asan_simulation ${asan}/unit_tests "[sim]~[long],[slow-build]")
add_test_of(asan asan_conformance_program ${asan}/conformance_tests "~the suite is green*")

function(add_fuzz seconds)
  foreach(target IN LISTS ARGN)
    add_test_of(fuzz fuzz_${target} ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/run
      ${PROJECT_SOURCE_DIR}/build/fuzz/bin/fuzz_${target} $<TARGET_FILE:eg91xq> ${seconds})
  endforeach()
endfunction()
add_build(fuzz fuzzers)
# The relay's plays real connections, twenty inputs a second: something for scripts/fuzz.
set(quick_fuzz_targets ${EG91XQ_FUZZ_TARGETS})
list(REMOVE_ITEM quick_fuzz_targets relay)
add_fuzz(20 ${quick_fuzz_targets})
