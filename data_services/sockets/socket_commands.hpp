// AT+QIOPEN, QICLOSE, QISTATE, QISEND, QISENDEX, QIRD, QISWTMD and QICFG (data services 3):
// declarations, and the handlers that turn arguments into calls on one of the twelve sockets. They
// fail with a plain ERROR whose reason AT+QIGETERROR tells (GEN-4). Owned by the Modem.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "data_services/sockets/sockets.hpp"

#include <array>
#include <memory>
#include <string>

namespace data_services {

class Qi {
 public:
  static constexpr std::size_t key_count = 20;
  static constexpr std::size_t rule_count = 3;

  explicit Qi(Sockets& sockets) : sockets_(sockets) {}

  static const std::array<at::Command<Qi>, 7>& commands();
  /// Those that only sibling modules have (GEN-2).
  static const std::array<at::Command<Qi>, 1>& sibling_commands();
  /// The keys of QICFG, in the order of its `=?`.
  static const std::array<at::Command<Qi>, key_count + rule_count>& config_commands();
  /// What AT+QICFG has set.
  static void snapshot(at::Memo& memo, SocketSettings& settings);

 private:
  using Args = at::Args;
  using Call = at::Call;
  using Outcome = at::Outcome;

  Outcome open(const Call& call);
  Outcome close(const Args& args);
  Outcome states();
  Outcome state(const Args& args);
  Outcome send(const Args& args);
  Outcome send_hex(const Args& args);
  Outcome send_parts(const Args& args);
  Outcome read(const Args& args);
  Outcome switch_mode(const Call& call);
  Outcome configure(const Args& args);
  Outcome rule(const Args& args);
  Outcome malformed();

  [[nodiscard]] Outcome done(Outcome outcome = Outcome::ok()) const;
  [[nodiscard]] Outcome refuse(cellular::TcpIpError error) const;
  [[nodiscard]] Outcome id_in_use(at::Asker asker, int connect_id);
  /// Null when the id is free, or one of a TLS socket (SSLS-15).
  [[nodiscard]] std::shared_ptr<Socket> plain(int connect_id) const;
  /// As plain(), and not while its open is under way.
  [[nodiscard]] std::shared_ptr<Socket> established(const Args& args) const;

  Sockets& sockets_;
};

}  // namespace data_services
