# find_package(eg91xq): the program, and tests that run beside a modem.
#
#   eg91xq_add_test(NAME name COMMAND command [argument...] [OPTIONS option...] [WORKING_DIRECTORY directory])
#
# adds a test that runs the command with a modem of its own, as `eg91xq OPTIONS -- command` does: it
# finds the modem by MODEM_PORT and passes when the command ends with 0. The command may be a target.
# Without `--latency` among OPTIONS the network takes no time.

if(NOT TARGET eg91xq::eg91xq)
  get_filename_component(_eg91xq_program "${CMAKE_CURRENT_LIST_DIR}/../../../bin/eg91xq" ABSOLUTE)
  if(NOT EXISTS "${_eg91xq_program}")
    set(eg91xq_FOUND FALSE)
    set(eg91xq_NOT_FOUND_MESSAGE "there is no ${_eg91xq_program}")
    return()
  endif()
  add_executable(eg91xq::eg91xq IMPORTED)
  set_target_properties(eg91xq::eg91xq PROPERTIES IMPORTED_LOCATION "${_eg91xq_program}")
  unset(_eg91xq_program)
endif()

function(eg91xq_add_test)
  cmake_parse_arguments(PARSE_ARGV 0 test "" "NAME;WORKING_DIRECTORY" "COMMAND;OPTIONS")
  if("${test_NAME}" STREQUAL "" OR "${test_COMMAND}" STREQUAL "" OR DEFINED test_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "eg91xq_add_test(NAME name COMMAND command [argument...] [OPTIONS option...] "
      "[WORKING_DIRECTORY directory])")
  endif()
  list(POP_FRONT test_COMMAND command)
  if(TARGET ${command})
    set(command $<TARGET_FILE:${command}>)
  endif()
  if(NOT test_OPTIONS MATCHES "(^|;)--latency(=|;|$)")
    list(PREPEND test_OPTIONS --latency instant)
  endif()
  if(DEFINED test_WORKING_DIRECTORY)
    set(directory WORKING_DIRECTORY "${test_WORKING_DIRECTORY}")
  endif()
  add_test(NAME "${test_NAME}" ${directory}
    COMMAND $<TARGET_FILE:eg91xq::eg91xq> ${test_OPTIONS} -- ${command} ${test_COMMAND})
endfunction()
