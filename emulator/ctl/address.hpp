// Which modem `eg91xq ctl` talks to: the one that is named, or the only one that runs. Used by the
// Session.
#pragma once

#include <string>

namespace emulator::ctl {

/// What the command line says about it; empty: nothing.
struct Finding {
  std::string at;          // http://HOST:PORT or unix:PATH
  std::string ready_file;  // of a modem
  std::string token_file;
};

/// Where a control interface is reached.
struct Endpoint {
  std::string address;  // as it was given, for messages
  std::string path;     // of a local socket; empty: TCP
  std::string host;     // without brackets
  std::string port;
  std::string authority;  // what Host has to be
};

/// `--at`, else `--ready-file`, else MODEM_CONTROL, else the one modem that is registered. Throws
/// Failure.
[[nodiscard]] Endpoint find_endpoint(const Finding& finding);

/// The token that requests need; empty without one. Throws Failure.
[[nodiscard]] std::string token_of(const Finding& finding);

}  // namespace emulator::ctl
