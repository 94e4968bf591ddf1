// The numbers of the note: results, states and error codes as the host sees them.
#pragma once

namespace mqtt_backend {

/// <result> of CONN, SUB, UNS and PUBEX (note 3.3.4).
enum class Result { done = 0, retransmission = 1, failed = 2 };

/// <result> of OPEN when the index is in use, and of CLOSE and DISC when they fail
/// (note 3.3.2, 3.3.3).
constexpr int result_occupied = 2;
constexpr int result_failed = -1;

/// <state> of QMTCONN? (note 3.3.4).
enum class ConnState { initializing = 1, connecting = 2, connected = 3, disconnecting = 4 };

/// <err_code> of +QMTSTAT (note 4.1, table 3).
enum class Stat {
  closed_by_peer = 1,
  pingreq_failed = 2,
  connect_failed = 3,
  connack_failed = 4,
  disconnected = 5,
  sending_failed = 6,
  link_not_alive = 7,
  closed_by_client = 8,
};

}  // namespace mqtt_backend
