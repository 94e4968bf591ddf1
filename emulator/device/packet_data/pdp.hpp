// Packet data contexts 1 to 15: +CGDCONT and its like (27.007), and the TCP/IP layer's view of the
// same contexts (+QICSGP, +QIACT). Links of the MQTT clients go over them (Bearer). Owned by the
// Device (manual 9.2 to 9.7, 9.12; TCP/IP note 2.4).
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "at_engine/pending.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "cellular/bearer.hpp"
#include "cellular/knobs.hpp"
#include "cellular/latency.hpp"
#include "cellular/tcpip_error.hpp"
#include "emulator/device/network/network.hpp"
#include "emulator/device/scenario.hpp"
#include "emulator/device/settings/nvram.hpp"

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace emulator::device {

using cellular::TcpIpError;

class Pdp : public cellular::Bearer {
 public:
  static constexpr int max_cid = 15;
  /// What the module attaches with.
  static constexpr int default_cid = 1;

  /// A context went up or down, and who wanted it so.
  enum class By { host, service, network, power_off };
  struct Change {
    int cid;
    bool active;
    By by;
  };

  Pdp(at::Timeline& timeline, at::Announce& announce, cellular::Latency& latency, Nvram& nvram,
      const Scenario& scenario, const Network& network, const cellular::Knobs& knobs);

  static const std::array<at::Command<Pdp>, 10>& commands();

  /// Told of every change of a context, as it happens. Set once.
  void on_change(std::function<void(const Change&)> watcher) { watcher_ = std::move(watcher); }

  /// Told when the host stops the TCP/IP layer on a context, before its leases end. Set once.
  void on_deactivation(std::function<void(int cid)> listener) {
    deactivated_ = std::move(listener);
  }

  /// True when data can flow through context `cid` now.
  [[nodiscard]] bool active(int cid) const { return at(cid).active; }
  [[nodiscard]] bool defined(int cid) const { return at(cid).defined; }
  /// As +CGPADDR shows it; empty while it is not active.
  [[nodiscard]] std::string address(int cid) const {
    return active(cid) ? shown_address(cid) : std::string();
  }
  /// ... and the TCP/IP layer uses it.
  [[nodiscard]] bool stack_up(int cid) const { return at(cid).stack; }

  /// Whether the host has the TCP/IP layer on context `cid`, be it that the network has taken the
  /// context.
  [[nodiscard]] bool holds_stack(int cid) const { return at(cid).stack || at(cid).taken; }
  /// The host starts the TCP/IP layer on context `cid`, on which it is not.
  [[nodiscard]] TcpIpError start_stack(int cid);
  /// The host stops it; links over the context end.
  void stop_stack(int cid);

  [[nodiscard]] std::vector<std::string> chosen_name_servers(int cid) const override {
    return at(cid).dns;
  }
  /// Name servers of a context: the host's choice, or the network's.
  [[nodiscard]] std::vector<std::string> name_servers(int cid) const;

  /// A service that has brought context `cid` up needs it no more: it goes, unless the host or
  /// another service is on it.
  void release(int cid);

  /// What +QIGETERROR tells.
  void note(TcpIpError error) { last_error_.note(error); }
  [[nodiscard]] cellular::LastError& last_error() { return last_error_; }

  /// ERROR, with its reason for +QIGETERROR.
  at::Outcome refuse(TcpIpError error) {
    note(error);
    return at::Outcome::error();
  }

  /// Packet data can flow from now on, or no longer.
  void attached();
  void detached();
  /// The network took these contexts down.
  void deactivated(const std::vector<int>& cids);

  /// The module starts: contexts as stored.
  void start();
  /// The module stops.
  void reset();
  [[nodiscard]] std::optional<std::string> busy() const;
  void snapshot(at::Memo& memo);
  /// AT&F: no reports of context events.
  void factory() { reports_ = buffering_ = 0; }

 private:
  static constexpr at::Duration activation_limit = std::chrono::seconds(150);
  static constexpr at::Duration deactivation_limit = std::chrono::seconds(40);

  struct Context {
    bool defined = false;
    std::string type = "IP";
    std::string apn{};
    std::string address{};         // asked for by the host
    std::array<int, 4> options{};  // d_comp, h_comp, IPv4AddrAlloc, request_type
    std::string user{};
    std::string password{};
    int authentication = 0;
    std::vector<std::string> dns{};  // the host's own choice
    bool active = false;
    bool stack = false;       // the host started the TCP/IP layer on it (+QIACT)
    bool by_service = false;  // a service did, without the host having asked
    bool taken = false;       // from under the host's TCP/IP layer, which it has not stopped yet
  };

  at::Outcome definitions();
  at::Outcome define(const at::Args& args);
  at::Outcome definition_ranges();
  at::Outcome activations();
  at::Outcome activate(const at::Args& args);
  at::Outcome addresses();
  at::Outcome address(const at::Args& args);
  at::Outcome all_parameters();
  at::Outcome parameters(const at::Args& args);
  at::Outcome get_reports();
  at::Outcome set_reports(const at::Args& args);
  at::Outcome profile(const at::Args& args);
  at::Outcome stacks();
  at::Outcome start_stack(const at::Args& args);
  at::Outcome stop_stack(const at::Args& args);
  at::Outcome get_error();
  at::Outcome dns(const at::Args& args);

  [[nodiscard]] Context& at(int cid) { return contexts_[static_cast<std::size_t>(cid - 1)]; }
  [[nodiscard]] const Context& at(int cid) const {
    return contexts_[static_cast<std::size_t>(cid - 1)];
  }
  [[nodiscard]] bool store() const;
  void load();
  [[nodiscard]] static bool is_possible(const Context& context);
  void snapshot(at::Memo& memo, Context& context) const;
  [[nodiscard]] std::string ipv4(int cid) const;
  [[nodiscard]] std::string ipv6(int cid) const;
  [[nodiscard]] std::string shown_address(int cid) const;
  [[nodiscard]] std::string parameter_line(int cid) const;
  [[nodiscard]] bool bring_up(int cid) override;
  bool raise(int cid, By by);
  void lower(int cid);
  void take_stack(int cid);
  [[nodiscard]] bool is_full_beside(int cid) const;
  void drop(int cid, By by);
  void set_active(int cid, bool active, By by);
  void report(const std::string& event);
  at::Outcome in_time(at::Duration limit, std::function<at::Outcome()> action);

  at::Timeline& timeline_;
  at::Announce& announce_;
  cellular::Latency& latency_;
  Nvram& nvram_;
  const Scenario& scenario_;
  const Network& network_;
  const cellular::Knobs& knobs_;
  std::function<void(const Change&)> watcher_;
  std::function<void(int cid)> deactivated_;
  at::Pending answering_;
  std::array<Context, max_cid> contexts_;
  std::array<Context, max_cid> stored_;  // as in flash: without what +QICSGP set
  int reports_ = 0;                      // +CGEREP mode
  int buffering_ = 0;                    // +CGEREP bfr
  cellular::LastError last_error_;
};

}  // namespace emulator::device
