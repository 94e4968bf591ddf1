// The IP Control Protocol of the module's end (RFC 1332, RFC 1877, PPP-34 to PPP-37): gives the
// host its address and its DNS servers, and may name its own. Owned by the Session.
#pragma once

#include "at_engine/timeline.hpp"
#include "data_services/ppp/address.hpp"
#include "data_services/ppp/automaton.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace data_services::ppp {

class Ipcp : private Automaton::Protocol {
 public:
  struct Offer {
    Address address = 0;  // the host's
    /// 0: there is none, and who asks for it is rejected.
    Address dns1 = 0;
    Address dns2 = 0;
    /// 0: the module's own address is not named (PPP-34).
    Address gateway = 0;
  };

  struct Events {
    std::function<void(std::string_view)> send;
    std::function<void()> up;
    std::function<void()> finished;
  };

  Ipcp(at::Timeline& timeline, const Offer& offer, Events events);

  /// The link is ready for it, or no longer.
  void start();
  void stop() { automaton_.down(); }
  void unknown_to_host() { automaton_.unknown_to_peer(); }
  void receive(std::string_view packet) { automaton_.receive(packet); }

  [[nodiscard]] bool is_open() const { return automaton_.is_open(); }

 private:
  void send(const ControlPacket& packet) override;
  void begin() override;
  [[nodiscard]] std::string request() override;
  [[nodiscard]] Judgement::Answer judge(const std::vector<Option>& options, std::string_view list,
                                        bool may_nak) override;
  void naked(const std::vector<Option>& options, bool gives_up) override;
  void rejected(const std::vector<Option>& options) override;
  void up() override { events_.up(); }
  void down() override {}
  void finished() override { events_.finished(); }
  bool take_further(const ControlPacket&) override { return false; }

  [[nodiscard]] Address offered(const Option& option) const;

  Offer offer_;
  Events events_;
  bool names_gateway_ = false;
  bool has_asked_for_address_ = false;
  Automaton automaton_;
};

}  // namespace data_services::ppp
