// A module that is logged in to an FTP server, and what the server says to it. Owned by a test
// case.
#pragma once

#include "tests/support/service_bench.hpp"

#include <cstddef>
#include <string>

namespace support {

/// Logged in at connection 0; what is asked is answered as it should be.
struct FtpBench : ServiceBench {
  FtpBench() : ServiceBench("ATE0;+QIACT=1;+QFTPOPEN=\"host\"\r") {
    open(0);
    for (const auto* reply : {"220 hello", "331 who?", "230 in"}) server_says(reply);
    said();
  }
  void server_says(const std::string& reply) { arrive(0, reply + "\r\n"); }
  /// A transfer up to the server's 150, by connection `number`.
  void begin(const std::string& command, std::size_t number, std::size_t channel = 0) {
    world.terminals[channel]->receive(command + "\r");
    world.settle();
    server_says("200 type");
    server_says("227 (10,0,0,1,4,1)");
    world.transport.events(number)->opened({"10.0.0.1", 1026});
    server_says("150 go");
  }
  void arrives(std::size_t number, std::size_t size) { arrive(number, std::string(size, 'x')); }
};

}  // namespace support
