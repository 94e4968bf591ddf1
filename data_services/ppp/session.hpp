// The PPP server of one call: from CONNECT to the end of the link (PPP-6, PPP-7, PPP-11 to PPP-13,
// PPP-16 to PPP-40). Bytes of the host in, framed bytes out, IPv4 packets both ways between. Pure;
// owned by whoever is online for the call.
#pragma once

#include "at_engine/timeline.hpp"
#include "data_services/ppp/chap.hpp"
#include "data_services/ppp/hdlc.hpp"
#include "data_services/ppp/ipcp.hpp"
#include "data_services/ppp/lcp.hpp"
#include "data_services/ppp/pap.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace data_services::ppp {

class Session {
 public:
  /// Octets of an IP packet, either way (PPP-40).
  static constexpr std::size_t mtu = default_mru;
  /// From the host's Terminate-Request to the end of the call (PPP-11).
  static constexpr at::Duration linger = std::chrono::milliseconds(100);
  /// From CONNECT until IP has to be up (PPP-13).
  /// reading: the module ends a call that has not come so far by itself
  static constexpr at::Duration setup_time = std::chrono::seconds(90);

  struct Config {
    Login login = Login::chap;
    std::string chap_name = "UMTS_CHAP_SRVR";
    Ipcp::Offer offer{};
    /// From start() to the first frame, 0 to 5000 ms; the host's first frame ends it (PPP-6).
    at::Duration first_frame_delay = std::chrono::milliseconds(50);
    bool refuses_login = false;
    /// From the login to IPCP; what the host asks meanwhile is answered then (PPP-38).
    at::Duration ipcp_delay{};
    /// Of magic numbers and challenges; has to be there.
    RandomSource random;
  };

  enum class Reason {
    host_terminated,
    terminated,     // by terminate()
    login_refused,  // the scenario's wish
    no_login,       // the host did not log in
    no_answer,      // not a frame of the host
    no_agreement,   // about the link
    no_network,     // about IP, or the host has closed it
    too_slow,       // setup_time has passed
    looped_back     // the host's line returns what is sent
  };

  struct Counters {
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t packets_in = 0;  // IP of the host, handed on
    std::uint64_t packets_out = 0;
    /// IP of the host that came to nothing: IP is not up, or longer than the MTU.
    std::uint64_t in_before_open = 0;
    std::uint64_t in_too_long = 0;
    /// IP towards the host, likewise, and while the call is suspended.
    std::uint64_t out_before_open = 0;
    std::uint64_t out_too_long = 0;
    std::uint64_t out_suspended = 0;
    std::uint64_t rejected_protocols = 0;
    /// Frames without a protocol, or of one whose time is not now.
    std::uint64_t out_of_place = 0;
  };

  /// Calls back from inside receive(), terminate(), start() and from timers; none of it may come
  /// back into the session but to send packets.
  class Events {
   public:
    virtual ~Events() = default;

    /// One frame, flags and all, for the host.
    virtual void transmit(std::string_view framed_bytes) = 0;
    /// One IPv4 packet of the host, of 1 to 1500 octets; nothing of it has been looked at.
    virtual void packet(std::string_view ip) = 0;
    /// IP is up; again after the host has begun anew (PPP-30).
    virtual void established() = 0;
    /// The link is closed. Comes once, from the timeline and last of all; the session may be
    /// destroyed in it.
    virtual void ended(Reason reason) = 0;
  };

  Session(at::Timeline& timeline, Config config, Events& events);

  /// CONNECT is out. Once.
  void start();

  /// Bytes of the host, in any pieces.
  void receive(std::string_view bytes);

  /// An IPv4 packet for the host; dropped and counted unless IP is up and the call not suspended.
  void send_packet(std::string_view ip);

  /// Closes the link with a Terminate-Request, and a second one; ended() comes when the host has
  /// acknowledged or after 12 s.
  void terminate();

  /// The host is in command state, or back (PPP-7).
  void suspend() { suspended_ = true; }
  void resume() { suspended_ = false; }

  /// IP is up, and was not taken down again.
  [[nodiscard]] bool negotiation_complete() const { return is_up(); }

  enum class Phase {
    idle,  // not started
    waiting,
    establishing,
    authenticating,
    configuring,
    open,
    terminating,
    ended
  };
  [[nodiscard]] Phase phase() const;
  [[nodiscard]] std::string_view phase_name() const;
  /// As the host has logged in, if it has.
  [[nodiscard]] const std::string& user() const;

  [[nodiscard]] const Counters& counters() const { return counters_; }
  [[nodiscard]] const Deframer::Counters& frames() const { return deframer_.counters(); }

 private:
  [[nodiscard]] Lcp::Events lcp_events();
  [[nodiscard]] LoginEvents login_events(std::uint16_t protocol);
  [[nodiscard]] Ipcp::Events ipcp_events();

  [[nodiscard]] bool is_up() const;
  void begin();
  void take(std::string_view frame);
  void take_ipcp(std::string_view packet);
  void take_ip(std::string_view packet);
  void take_unknown(const Frame& frame);
  void send(std::uint16_t protocol, std::string_view information);

  void link_up();
  void link_down();
  void logged_in();
  void configure();
  void unknown_to_host(std::uint16_t protocol);
  void close(Reason reason);
  void end_after(at::Duration delay, Reason reason);

  Config config_;
  Events& events_;
  Deframer deframer_;
  Lcp lcp_;
  Pap pap_;
  Chap chap_;
  Ipcp ipcp_;
  at::Timer first_frame_;
  at::Timer setup_;
  at::Timer ipcp_start_;
  at::Timer end_;
  enum class Stage { idle, waiting, running, ended };
  Stage stage_ = Stage::idle;
  bool has_logged_in_ = false;
  bool configures_ = false;  // ipcp_ has been started
  bool suspended_ = false;
  std::string early_ipcp_;  // the last packet before that
  std::optional<Reason> reason_;
  Counters counters_;
};

[[nodiscard]] std::string_view name_of(Session::Reason reason);

}  // namespace data_services::ppp
