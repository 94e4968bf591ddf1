# Tests of what the presets asan and fuzz have built, in one schedule with those of this build: they
# compute while others wait. scripts/test builds them first.
set(asan ${PROJECT_SOURCE_DIR}/build/asan/bin)
add_test(NAME asan_unit COMMAND ${asan}/unit_tests "~[sim]")
add_test(NAME asan_simulation COMMAND ${asan}/unit_tests "[sim]")
add_test(NAME asan_conformance_program COMMAND ${asan}/conformance_tests "~the suite is green*")
set_tests_properties(asan_unit asan_simulation PROPERTIES PROCESSORS 3 COST 900 TIMEOUT 900)

foreach(target terminal packet)
  add_test(NAME fuzz_${target} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/run
    ${PROJECT_SOURCE_DIR}/build/fuzz/bin/fuzz_${target} $<TARGET_FILE:eg91xq> 60)
  set_tests_properties(fuzz_${target} PROPERTIES PROCESSORS 3 COST 800)
endforeach()
