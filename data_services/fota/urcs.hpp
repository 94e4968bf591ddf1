// The URCs of an update, with where each is described, for the manual.
#pragma once

#include "at_engine/urc.hpp"

#include <array>

namespace data_services {

constexpr std::array fota_urcs{
    at::Urc{"+QIND", "\"FOTA\",\"HTTPSTART\"", "DFOTA note",
            "The download of an update begins; \"FTPSTART\" by FTP"},
    at::Urc{"+QIND", "\"FOTA\",\"HTTPEND\",<err>", "DFOTA note",
            "... and is over: 0, or 701 (\"FTPEND\": 601)"},
    at::Urc{"+QIND", "\"FOTA\",\"START\"", "DFOTA note", "The update begins, behind a restart"},
    at::Urc{"+QIND", "\"FOTA\",\"UPDATING\",<percent>", "DFOTA note", "... and goes on: 7 to 96"},
    at::Urc{
        "+QIND", "\"FOTA\",\"END\",<err>", "DFOTA note",
        "... and is over: 0, 504 failed, 505 no whole package, 506 its checksum, 507 for another "
        "version, 552 for another model, 553 for another baseline"},
};

}  // namespace data_services
