// What AT+QMTCFG has set for one client, as the host remembers it, and the answer that each query
// must give (CFG-2, CFG-4, CFG-5). Written from the statements.
#pragma once

#include "tests/sim/dice.hpp"

#include <string>
#include <string_view>

namespace sim {

struct Setup {
  int version = 3;
  int pdpcid = 1;
  bool ssl = false;
  int ssl_ctx = -1;
  int keepalive = 120;
  int session = 1;
  int pkt_timeout = 5;
  int retry_times = 3;
  bool notice = false;
  bool will = false;
  int will_qos = 0;
  int will_retain = 0;
  std::string will_topic{};
  std::string will_message{};
  int recv_mode = 0;
  int recv_len = 0;
  int qmtping = 5;
  int send_hex = 0;
  std::string aliauth = R"("","","")";
  std::string onenet = R"("","")";
  int format_send = 0;
  int format_recv = 0;
  int view = 0;
  bool edit = false;
  int edit_seconds = 0;

  /// `+QMTCFG: "<key>",<values>`
  [[nodiscard]] std::string shown(std::string_view key) const;
  [[nodiscard]] bool typed_in_hex() const { return send_hex != 0 || format_send != 0; }
};

/// A set of one key: what stands behind the client_idx, and what holds afterwards.
struct Change {
  std::string key;
  std::string values;
  Setup after;
};

/// A key that can be queried.
std::string random_key(Dice& dice);

/// A correct set, now and then with parts left out.
Change random_change(Dice& dice, const Setup& before);

/// `"<key>",<client_idx>,<values>` that must be refused in every state.
std::string random_bad_set(Dice& dice, int client_idx);

}  // namespace sim
