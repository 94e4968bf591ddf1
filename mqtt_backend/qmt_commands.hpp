// The AT+QMT* commands (note 3.3.1 to 3.3.9): declarations, and the handlers that turn arguments
// into calls on one of the six clients. Every failure is a plain ERROR (GRAM-8). Owned by the
// Modem.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "mqtt_backend/client.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mqtt_backend {

constexpr int max_client_idx = 5;
constexpr std::size_t client_count = max_client_idx + 1;

class Qmt {
 public:
  using Clients = std::array<std::unique_ptr<Client>, client_count>;

  Qmt(Clients& clients, const cellular::Knobs& knobs) : clients_(clients), knobs_(knobs) {}

  /// OPEN CLOSE CONN DISC SUB UNS PUBEX RECV.
  static const std::array<at::Command<Qmt>, 8>& commands();
  /// The keys of QMTCFG, in the order of its `=?`.
  static const std::array<at::Command<Qmt>, 16>& config_commands();
  /// What AT+QMTCFG has set for one client.
  static void snapshot(at::Memo& memo, Config& config);
  /// QMTPUB of sibling modules, for the knob "qmtpub" (PUB-12).
  static const std::array<at::Command<Qmt>, 1>& sibling_commands();

 private:
  using Args = at::Args;
  using Call = at::Call;
  using Outcome = at::Outcome;

  Outcome open(const Call& call);
  Outcome open_state();
  Outcome close(const Call& call);
  Outcome connect(const Call& call);
  Outcome connect_state();
  Outcome disconnect(const Call& call);
  Outcome subscribe(const Call& call);
  Outcome unsubscribe(const Call& call);
  Outcome publish(const Call& call);
  Outcome publish_as_sibling(const Call& call);
  Outcome receive(const Args& args);
  Outcome receive_state();

  Outcome configure(const Args& args);
  Outcome will(const Args& args);
  Outcome willex(const Args& args);

  [[nodiscard]] Client& client(const Args& args) const {
    return *clients_[static_cast<std::size_t>(args.number(0))];
  }
  [[nodiscard]] at::Prompt data_prompt(Client& client, std::size_t bytes) const;
  Outcome ask_payload(at::Asker asker, Client& client, std::string_view urc, PublishRequest request,
                      at::Prompt prompt) const;

  Clients& clients_;
  const cellular::Knobs& knobs_;
};

}  // namespace mqtt_backend
