# The command manual in the repository is what the program prints.
execute_process(COMMAND ${PROGRAM} --describe OUTPUT_VARIABLE printed RESULT_VARIABLE code)
file(READ ${ROOT}/emulator/commands.md kept)
if(NOT code EQUAL 0 OR NOT printed STREQUAL kept)
  message(FATAL_ERROR "emulator/commands.md is not what eg91xq --describe prints")
endif()
