// TLS of the demo's servers: whatever name a client asks for, the certificate is of that name.
#pragma once

#include "emulator/demo_tls/demo_authority.hpp"

#include <memory>

#include <boost/asio/ssl/context.hpp>

namespace emulator {

/// `default_name` is in the certificate for a client that asks for no name, or for none that can
/// be. Takes milliseconds. Null when OpenSSL cannot. `authority` outlives it.
std::shared_ptr<boost::asio::ssl::context> make_server_context(DemoAuthority& authority,
                                                               const char* default_name);

}  // namespace emulator
