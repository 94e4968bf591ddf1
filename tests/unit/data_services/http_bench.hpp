// A module that has a context and a URL, and its HTTP server. Owned by a test case.
#pragma once

#include "tests/support/service_bench.hpp"

#include <cstddef>
#include <string>

namespace support {

struct HttpBench : ServiceBench {
  explicit HttpBench(const emulator::Modem::Settings& settings = {})
      : ServiceBench("ATE0;+CMEE=1;+QIACT=1\r", settings) {
    pass(std::chrono::seconds(10));
    type("AT+QHTTPCFG=\"url\",\"http://a/p\"\r");
    said();
  }
  void arrive(std::size_t number, const std::string& bytes) {
    world.transport.wanted[number] -= bytes.size();
    ServiceBench::arrive(number, bytes);
  }
  /// A request that has been sent by connection 0, where nothing takes time.
  void get() {
    type("AT+QHTTPGET\r");
    open(0);
    said();
  }
};

}  // namespace support
