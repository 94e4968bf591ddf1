// The numbers with which HTTP(S) fails, in +CME ERROR and in result lines (data services 8.7).
// Their texts are at_engine's.
#pragma once

namespace data_services {

enum class HttpError {
  none = 0,
  unknown = 701,
  busy = 703,
  uart_busy = 704,
  no_request = 705,
  deactivated = 709,
  url = 711,
  url_missing = 712,
  dns = 714,
  connect = 716,
  closed = 719,
  encode = 720,
  decode = 721,
  read_timeout = 722,
  response = 723,
  input_timeout = 726,
  response_timeout = 728,
  no_memory = 729,
  parameter = 730,
  handshake = 732,
};

constexpr int code(HttpError error) { return static_cast<int>(error); }

}  // namespace data_services
