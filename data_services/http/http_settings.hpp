// What AT+QHTTPCFG and AT+QHTTPURL set, in RAM (data services 8.1, 8.2). Owned by the HttpSession.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace data_services {

struct HeaderField {
  std::string name;
  std::string value;
};

struct HttpSettings {
  /// Fields of "reqheader/add".
  static constexpr std::size_t max_fields = 16;

  int cid = 1;
  bool raw_request = false;    // the host supplies request line and fields
  bool response_head = false;  // what is read begins with status line and fields
  int ssl_ctx = 1;
  int content_type = 0;
  bool prints_response = false;  // without being asked for it
  bool tells_closed = false;
  std::string url;
  std::string custom_header;  // "Name: value"
  std::string credentials;    // "user:password"
  std::string form_name;      // of a posted file, as a form
  std::string form_file_name;
  std::string form_type;
  std::vector<HeaderField> fields;
};

}  // namespace data_services
