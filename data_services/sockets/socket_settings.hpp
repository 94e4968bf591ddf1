// What AT+QICFG sets for all sockets of the module, in RAM (data services 3.8). Changes act on
// sockets that are open too, but for keep-alive and retransmission (CFGI-18). Owned by Sockets.
#pragma once

#include <array>
#include <string>

namespace data_services {

/// What is done with certain payloads of one socket, by its id.
struct SocketRules {
  int beat_s = 20;  // it sends `beat` so often
  std::string beat;
  int beat_form = 0;   // as of every payload here: 0 off, 1 text, 2 hex digits
  int beat_count = 0;  // 0: for as long as it is open
  std::string ignored;
  int ignored_form = 0;
  bool ignores = false;
  std::string waking;
  int waking_form = 0;
  bool wakes = false;
};

struct SocketSettings {
  int packet_size = 1024;        // a transparent socket sends when so many bytes are there,
  int packet_wait = 2;           // or after such a pause, in 100 ms; 0: at once
  bool send_hex = false;         // payload of QISEND is hex digits
  bool receive_hex = false;      // payload of QIRD and of direct push is shown as hex digits
  bool one_line = false;         // the push header and its data on one line
  bool udp_read_stream = false;  // a read of a UDP socket joins datagrams
  bool passive_close = false;    // our side closes with the peer's
  bool close_urc = false;        // QICLOSE is followed by "closed"
  bool unread_in_urc = false;    // "recv" of buffer mode tells the unread length
  bool send_info = false;        // +QISEND: <id>,<status>,<free> in place of SEND OK
  bool prompt_line = false;      // the prompt is a line of its own
  int send_timeout_s = 120;      // of the prompt; 0: none
  bool keep_alive = false;
  int keep_alive_idle_s = 60;
  int keep_alive_interval_s = 25;
  int keep_alive_probes = 3;
  int retries = 5;
  int retry_period_s = 6;
  bool udp_send_stream = false;  // a transparent UDP socket sends all that is there as one datagram
  bool accepts = true;           // who connects to a listener gets a socket
  bool recycles = false;         // a local port may be used again at once
  int inactive_s = 0;            // a TCP socket without data for so long is closed; 0: never
  int send_buffer = 10'240;      // bytes of a socket that may wait for acknowledgement
  int send_mode = 0;             // as TCP/SendMode of AT+QCFG; 0: that counts
  int pdp_retry = 0;             // stored only (CFGI-17)
  int pdp_retry_rat = 0;
  int pdp_retries = 2;
  int pdp_retry_s = 8;
  std::array<SocketRules, 12> rules{};
};

}  // namespace data_services
