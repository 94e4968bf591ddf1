// AT+QSSLOPEN, QSSLSEND, QSSLRECV, QSSLCLOSE and QSSLSTATE (data services 7): the sockets of
// AT+QIOPEN with TLS as AT+QSSLCFG sets it, in the same space of ids. Owned by the Modem.
#pragma once

#include "at_engine/command.hpp"
#include "data_services/sockets/sockets.hpp"

#include <array>
#include <memory>

namespace data_services {

class QsslSockets {
 public:
  explicit QsslSockets(Sockets& sockets) : sockets_(sockets) {}

  static const std::array<at::Command<QsslSockets>, 5>& commands();

 private:
  using Args = at::Args;
  using Call = at::Call;
  using Outcome = at::Outcome;

  Outcome open(const Call& call);
  Outcome send(const Args& args);
  Outcome receive(const Args& args);
  Outcome close(const Args& args);
  Outcome states();
  Outcome state(const Args& args);
  Outcome malformed();

  /// Null when the id is free, or one of a socket without TLS.
  [[nodiscard]] std::shared_ptr<Socket> secure(int client_id) const;

  Sockets& sockets_;
};

}  // namespace data_services
