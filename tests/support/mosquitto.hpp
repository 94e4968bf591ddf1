// The tests use the broker of the conformance suite.
#pragma once

#include "conformance/run/mosquitto.hpp"

namespace support {

using conformance::held_port;
using conformance::Mosquitto;
using conformance::MosquittoSetup;

}  // namespace support
