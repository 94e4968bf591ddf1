// What a host does once its link is up, by lwIP's raw API and its HTTP client. Each prints a line
// that says how it went, or throws a Failure.
#pragma once

#include "host.hpp"

#include <string>

namespace lwip_host {

/// `name` may be an address, too.
void resolve(Host& host, const std::string& name);
void ping(Host& host, const std::string& name);
/// `peer` is HOST:PORT; what comes back must be `text`.
void echo_by_udp(Host& host, const std::string& peer, const std::string& text);
/// The body goes to the file `output`, or is only counted where that is "".
void get(Host& host, const std::string& url, const std::string& output);

/// A line of standard output, there at once.
void tell(const std::string& line);

}  // namespace lwip_host
