// The words of +QIGETERROR (data services 5).
#include "cellular/tcpip_error.hpp"

#include <map>
#include <string_view>

#include <catch2/catch.hpp>

using namespace cellular;

TEST_CASE("errors of the TCP/IP layer have the words of the notes") {
  const std::map<int, std::string_view> notes{{0, "operate successfully"},
                                              {550, "unknown error"},
                                              {551, "operation blocked"},
                                              {552, "invalid parameters"},
                                              {553, "memory allocation failed"},
                                              {554, "create socket failed"},
                                              {555, "operation not support"},
                                              {556, "socket bind failed"},
                                              {557, "socket listen failed"},
                                              {558, "socket write failed"},
                                              {559, "socket read failed"},
                                              {560, "socket accept failed"},
                                              {561, "activate pdp context failed"},
                                              {562, "deactive pdp context failed"},
                                              {563, "socket identity has been used"},
                                              {564, "dns busy"},
                                              {565, "dns failed"},
                                              {566, "socket connect failed"},
                                              {567, "connection reset"},
                                              {568, "system busy"},
                                              {569, "operation timeout"},
                                              {570, "pdp context deactived"},
                                              {571, "user cancel send"},
                                              {572, "operation not allowed"},
                                              {574, "port busy"},
                                              {579, "ssl handshake failed"}};
  for (const auto& [number, text] : notes) {
    INFO(number);
    CHECK(words(static_cast<TcpIpError>(number)) == text);
  }
}
