# A Debian package of what scripts/package has staged in the folder EG91XQ_STAGED.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME eg91xq)
set(CPACK_PACKAGE_FILE_NAME eg91xq)
set(CPACK_INSTALLED_DIRECTORIES $ENV{EG91XQ_STAGED} /)
set(CPACK_PACKAGING_INSTALL_PREFIX /)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "The eg91xq authors <eg91xq@packages.debian.org>")
set(CPACK_DEBIAN_PACKAGE_SECTION comm)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS mosquitto)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "picocom, wireshark")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Quectel EG91xQ LTE modem that is not there")
set(CPACK_PACKAGE_DESCRIPTION "A full emulator of the firmware of Quectel's EG915Q, EG916Q-GL and EG800Q:
firmware talks to it over a serial port, pseudo-terminal or TCP as it talks to
the module, and its AT+QMT* commands cause real MQTT traffic to a real broker.

It stands in for the modem while firmware is written, replaces hardware in
the loop in CI, makes trouble on cue, and comes with a conformance suite
(eg91xq-conformance) and hosts for fleets of modems (eg91xq-storm).")
