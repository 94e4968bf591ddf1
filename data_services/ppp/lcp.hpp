// The Link Control Protocol of the module's end (PPP-17, PPP-21 to PPP-30): what it asks for, what
// it grants, echoes, rejections, and a line that comes back on itself. Owned by the Session.
#pragma once

#include "at_engine/timeline.hpp"
#include "data_services/ppp/automaton.hpp"
#include "data_services/ppp/hdlc.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace data_services::ppp {

/// How the host has to log in.
enum class Login { none, pap, chap };

/// Any 32 bits, never twice the same in a row.
using RandomSource = std::function<std::uint32_t()>;

class Lcp : private Automaton::Protocol {
 public:
  /// Own requests in a row that came back before the line is taken for a loop.
  static constexpr int max_loops = 10;
  /// Least MRU that is granted, in octets; the most is default_mru (PPP-26).
  static constexpr std::uint16_t min_mru = 128;

  struct Events {
    /// A packet for the host.
    std::function<void(std::string_view)> send;
    std::function<void()> up;
    std::function<void()> down;
    /// The host has ended an open link, and that is acknowledged.
    std::function<void()> terminated;
    /// It hears itself.
    std::function<void()> looped;
    /// The host does not know this protocol.
    std::function<void(std::uint16_t)> unknown_to_host;
    /// Closed for good.
    std::function<void()> finished;
  };

  /// Asks for `login`; takes its magic numbers from `magic`.
  Lcp(at::Timeline& timeline, Login login, RandomSource magic, Events events);

  void start();
  void close() { automaton_.close(); }
  /// The line is gone; nothing more is sent, and no event comes.
  void stop() { automaton_.down(); }

  void receive(std::string_view packet);

  /// Returns a packet of an unknown protocol (PPP-29); nothing unless the link is open.
  void reject_protocol(std::uint16_t protocol, std::string_view information);

  [[nodiscard]] bool is_open() const { return automaton_.is_open(); }
  /// Agreed while it is open.
  [[nodiscard]] Login login() const { return own_.login; }
  [[nodiscard]] std::size_t peer_mru() const override { return peer_.mru; }
  /// For everything but LCP, while it is open.
  [[nodiscard]] const Framing& framing() const { return peer_.framing; }

 private:
  /// What goes into the next request.
  struct Own {
    bool asks_accm = true;
    std::uint32_t accm = 0;
    Login login = Login::none;
    std::uint32_t magic = 0;  // 0: none, the peer has rejected it
    bool compresses_protocol = true;
    bool compresses_address = true;
  };
  /// What the peer's acknowledged request says.
  struct Peer {
    std::uint16_t mru = default_mru;
    Framing framing{};
  };

  void send(const ControlPacket& packet) override;
  void begin() override;
  [[nodiscard]] std::string request() override;
  [[nodiscard]] Judgement::Answer judge(const std::vector<Option>& options, std::string_view list,
                                        bool may_nak) override;
  void naked(const std::vector<Option>& options, bool gives_up) override;
  void rejected(const std::vector<Option>& options) override;
  void up() override { events_.up(); }
  void down() override { events_.down(); }
  void finished() override { events_.finished(); }
  bool take_further(const ControlPacket& packet) override;

  void reject(std::uint8_t type);
  void judge(const Option& option, Peer& peer, Judgement& judgement);
  [[nodiscard]] bool is_looped(const std::vector<Option>& options) const;
  [[nodiscard]] std::uint32_t new_magic();
  void take_protocol_reject(std::string_view data);
  void reply_to_echo(const ControlPacket& packet);

  Login wanted_;
  RandomSource random_;
  Events events_;
  Own own_;
  Peer peer_;
  int loops_ = 0;
  Automaton automaton_;
};

}  // namespace data_services::ppp
