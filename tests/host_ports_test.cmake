# Whoever opens the modem's port keeps what has come already: the module starts when it is opened, and
# what is thrown away then are its first lines. ROOT is the repository.
cmake_minimum_required(VERSION 3.25)

set(throws_away "TCSAFLUSH|tcflush *\\(.*TC(I|IO)FLUSH|set(raw|cbreak) *\\([^,]*\\)")
# The module's side of the line, and the page that says it.
set(may pty/pty_port.cpp docs/how-to/ports.md tests/host_ports_test.cmake)

foreach(wrong "tty.setraw(port)" "tcsetattr(port, TCSAFLUSH, &line)" "::tcflush(port, TCIFLUSH)")
  if(NOT wrong MATCHES "${throws_away}")
    message(SEND_ERROR "is not noticed: ${wrong}")
  endif()
endforeach()

# What is built has files whose names are no elements of a list, such as "[".
file(GLOB rooms RELATIVE ${ROOT} ${ROOT}/*)
list(REMOVE_ITEM rooms build dist)
set(files "")
foreach(room IN LISTS rooms)
  file(GLOB_RECURSE more LIST_DIRECTORIES false RELATIVE ${ROOT} ${ROOT}/${room}/*)
  list(APPEND files ${more})
endforeach()
list(FILTER files EXCLUDE REGEX "/node_modules/|\\.(pcap|pcapng|png|bin)$")
list(REMOVE_ITEM files ${may})
set(ports 0)
foreach(name IN LISTS files)
  file(STRINGS ${ROOT}/${name} lines REGEX "tcsetattr|tcflush|setraw|setcbreak")
  foreach(line IN LISTS lines)
    math(EXPR ports "${ports} + 1")
    if(line MATCHES "${throws_away}")
      message(SEND_ERROR "${name} throws away what the port has said already: ${line}")
    endif()
  endforeach()
endforeach()
if(ports LESS 10)
  message(SEND_ERROR "only ${ports} lines with settings of a port were found")
endif()
message(STATUS "${ports} lines set up a port")
