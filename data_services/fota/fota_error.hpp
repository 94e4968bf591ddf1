// The numbers with which an update ends, in +QIND: "FOTA" (FOTA-3).
#pragma once

namespace data_services {

enum class FotaError {
  none = 0,
  failed = 504,
  package = 505,   // it is no package, or not a whole one
  digest = 506,    // its checksum is not that of its bytes
  version = 507,   // it is a difference from another revision
  project = 552,   // it is for another model
  baseline = 553,  // it is for another line of revisions
  ftp = 601,
  http = 701,
};

constexpr int code(FotaError error) { return static_cast<int>(error); }

}  // namespace data_services
