// Measures a data call at a pseudo-terminal: how fast a server of this machine reaches a host that
// has dialled (--bare), and, in the multiplexer, how long "AT" on DLCI 2 waits while DLCI 1 is
// saturated by that. The emulator is started by hand: eg91xq --port pty:/tmp/modem0.
#include "at_engine/mux/frame.hpp"
#include "data_services/ppp/hdlc.hpp"
#include "tests/bench/port.hpp"
#include "tests/bench/times.hpp"
#include "tests/support/ip_host.hpp"
#include "tests/support/mux_host.hpp"
#include "tests/support/ppp_host.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace {

using bench::Clock;
using support::IpAddress;

constexpr IpAddress own = 0x0A400C03;
constexpr IpAddress alias = 0x0A400C02;

struct Settings {
  std::string port;
  bool bare = false;
  double seconds = 5;
  unsigned window = 0xFFFF;  // bytes
};

/// Sends without end to whoever connects.
class Source {
 public:
  Source() {
    std::thread([this] {
      const int peer = listener_.accept();
      const std::string bytes(std::size_t{64} * 1024, 'x');
      while (::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0) {
      }
    }).detach();
  }
  [[nodiscard]] unsigned port() const { return listener_.port; }

 private:
  bench::Listener listener_;
};

/// A host of both: PPP on DLCI 1 or on the bare line, commands on DLCI 2.
class Host {
 public:
  explicit Host(const Settings& settings)
      : bare_(settings.bare), window_(settings.window), line_(settings.port) {
    line_.send("\rATE0\r");
    line_.hear("OK\r\n");
    if (!bare_) multiplex();
    say("ATD*99#\r");
    hear_text("CONNECT");
    ppp_.begin();
    while (!ppp_.is_up()) negotiate();
  }

  /// Downloads for so long, asking "AT" all the while.
  void run(unsigned server_port, double seconds) {
    server_port_ = server_port;
    send_segment(2);
    ask();
    const auto begun = Clock::now();
    const auto end = begun + std::chrono::duration<double>(seconds);
    while (Clock::now() < end) {
      hear(line_.read(), false);
      if (unacknowledged_ > 0) send_segment(16);
    }
    const std::chrono::duration<double> took = Clock::now() - begun;
    fmt::print("PPP: {:.2f} MB/s ({} bytes in {:.2f} s)\n",
               static_cast<double>(got_) / took.count() / 1e6, got_, took.count());
    if (out_of_order_ > 0) fmt::print("{} segments came out of order\n", out_of_order_);
    if (!bare_) report();
  }
  ~Host() {
    if (!bare_) line_.send(support::hex("F9 03 EF 05 C3 01 F2 F9"));
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

 private:
  void multiplex() {
    line_.send("AT+CMUX=0\r");
    line_.hear("OK\r\n");
    line_.send(support::hex("F9 03 3F 01 1C F9 F9 07 3F 01 DE F9 F9 0B 3F 01 59 F9"));
    line_.hear(support::hex("F9 0B 73 01 92 F9"));
    line_.send(support::MuxHost::frame(2, "ATE0\r") + support::MuxHost::frame(1, "ATE0\r"));
    hear_text("OK\r\n");
  }
  void say(std::string_view bytes) {
    constexpr std::size_t most = 127;
    if (bare_) return line_.send(bytes);
    for (; !bytes.empty(); bytes.remove_prefix(std::min(most, bytes.size())))
      line_.send(support::MuxHost::frame(1, bytes.substr(0, most)));
  }
  void negotiate() { hear(line_.read(), true); }
  void hear_text(std::string_view end) {
    std::string text;
    while (text.find(end) == std::string::npos) {
      negotiate();
      text += ppp_.text();
    }
  }

  void hear(std::string_view bytes, bool negotiating) {
    if (bare_) return take(bytes, negotiating);
    while (const auto frame = framer_.next(bytes)) {
      if (frame->dlci == 1 && frame->type == at::mux::FrameType::uih)
        take(frame->data, negotiating);
      if (frame->dlci == 2 && frame->data.find("OK\r\n") != std::string_view::npos) answered();
    }
  }
  void take(std::string_view bytes, bool negotiating) {
    if (negotiating) return ppp_.hear(bytes);
    while (const auto frame = deframer_.next(bytes)) {
      const auto opened = data_services::ppp::open_frame(*frame);
      if (opened && opened->protocol == 0x0021) packet(opened->information);
    }
  }
  void packet(std::string_view ip) {
    const auto header = (support::take(ip, 0, 1) & 0xFU) * 4;
    const auto segment = ip.substr(header);
    const auto offset = (support::take(segment, 12, 1) >> 4U) * 4;
    const auto flags = support::take(segment, 13, 1);
    const auto number = support::take(segment, 4, 4);
    const auto size = segment.size() - offset;
    if ((flags & 2U) != 0) {
      next_ = number + 1;
      own_next_ = 101;
      return send_segment(16);
    }
    if (size == 0) return;
    if (number != next_) {
      ++out_of_order_;
      return send_segment(16);
    }
    next_ += static_cast<std::uint32_t>(size);
    got_ += size;
    if (++unacknowledged_ >= 2) send_segment(16);
  }
  void send_segment(unsigned flags) {
    unacknowledged_ = 0;
    const auto ip = ip_.segment(alias, 5000, server_port_, own_next_, flags == 2 ? 0 : next_, flags,
                                {}, window_);
    std::string framed;
    data_services::ppp::append_frame(framed, 0x0021, ip, {});
    say(framed);
  }

  void ask() {
    if (bare_) return;
    asked_ = Clock::now();
    line_.send(support::MuxHost::frame(2, "AT\r"));
  }
  void answered() {
    if (server_port_ == 0) return;
    waits_.add(bench::us_since(asked_) / 1000);
    ask();
  }
  void report() {
    fmt::print("AT on DLCI 2: {} answers, p50 {:.2f} ms, p99 {:.2f} ms, longest {:.2f} ms\n",
               waits_.count(), waits_.at(0.5), waits_.at(0.99), waits_.at(1));
  }

  bool bare_;
  unsigned window_;
  bench::Port line_;
  support::PppHost ppp_{[this](const std::string& bytes) { say(bytes); }};
  support::IpHost ip_{own};
  at::mux::Framer framer_;
  data_services::ppp::Deframer deframer_;
  unsigned server_port_ = 0;
  std::uint32_t next_ = 0;
  std::uint32_t own_next_ = 100;
  unsigned unacknowledged_ = 0;
  std::uint64_t got_ = 0;
  std::uint64_t out_of_order_ = 0;
  Clock::time_point asked_;
  bench::Times waits_;
};

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("Rates of a data call, and what the multiplexer adds to a command beside it");
  app.add_option("PORT", settings.port, "Where the modem is")->required();
  app.add_flag("--bare", settings.bare, "PPP on the port itself");
  app.add_option("--seconds", settings.seconds, "How long")->capture_default_str();
  app.add_option("--window", settings.window, "Of the host's TCP, in bytes")
      ->check(CLI::Range(1, 0xFFFF))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return bench::run_bench("packet_rates", [&] {
    const Source source;
    Host host(settings);
    host.run(source.port(), settings.seconds);
  });
}
