// Programs that nobody here wrote, at the other end of a data call: a namespace of the network
// whose only way out is an interface, whose packets PPP carries to the modem and back.
#include "tests/support/emulator_process.hpp"
#include "tests/support/ended.hpp"
#include "tests/support/ppp_host.hpp"
#include "tests/support/skip.hpp"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sched.h>

using namespace support;

namespace {

int open_file(const char* path, int flags) { return ::open(path, flags | O_CLOEXEC); }

/// The namespace, and its interface: fails to be had without root or /dev/net/tun.
class Tunnel {
 public:
  Tunnel() : home_(open_file("/proc/self/ns/net", O_RDONLY)) {
    if (::unshare(CLONE_NEWNET) != 0) return;
    inside_ = open_file("/proc/self/ns/net", O_RDONLY);
    device_ = open_file("/dev/net/tun", O_RDWR | O_NONBLOCK);
    ifreq wanted{};
    std::string("tunnel").copy(wanted.ifr_name, IFNAMSIZ - 1);
    wanted.ifr_flags = IFF_TUN | IFF_NO_PI;
    const bool made = device_ >= 0 && ::ioctl(device_, TUNSETIFF, &wanted) == 0;
    is_up_ = made && run({"sh", "-c",
                          "ip link set lo up && ip address add 10.64.12.3/24 dev tunnel && "
                          "ip link set tunnel mtu 1500 up && ip route add default dev tunnel"})
                             .code == 0;
    go_home();
  }
  ~Tunnel() {
    for (const int descriptor : {home_, inside_, device_})
      if (descriptor >= 0) ::close(descriptor);
  }
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

  [[nodiscard]] bool is_up() const { return is_up_; }
  [[nodiscard]] int device() const { return device_; }

  /// A program that has only this way out.
  [[nodiscard]] std::unique_ptr<Program> start(const std::vector<std::string>& words) const {
    REQUIRE(::setns(inside_, CLONE_NEWNET) == 0);
    auto program = std::make_unique<Program>(words);
    go_home();
    return program;
  }

 private:
  void go_home() const { REQUIRE(::setns(home_, CLONE_NEWNET) == 0); }

  int home_ = -1;
  int inside_ = -1;
  int device_ = -1;
  bool is_up_ = false;
};

/// A data call whose packets go through the tunnel.
class Call {
 public:
  Call(Session& session, const Tunnel& tunnel) : tunnel_(tunnel) {
    session.host.command("ATD*99#", "\r\nCONNECT 150000000\r\n");
    port_ = open_file(session.emulator.port().c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK);
    REQUIRE(port_ >= 0);
    ppp_.begin();
    while (!ppp_.is_up()) pass();
  }
  ~Call() { ::close(port_); }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// Carries packets until the program has ended, and tells its exit code.
  int carry_until_end(Program& program) {
    const auto limit = std::chrono::steady_clock::now() + patience;
    for (;;) {
      if (const auto code = program.end(std::chrono::milliseconds(1))) return *code;
      REQUIRE(std::chrono::steady_clock::now() < limit);
      pass();
    }
  }

 private:
  void pass() {
    std::array<pollfd, 2> ready{pollfd{port_, POLLIN, 0}, pollfd{tunnel_.device(), POLLIN, 0}};
    ::poll(ready.data(), ready.size(), 50);
    std::array<char, 4096> bytes{};
    const auto read = [&](int descriptor) {
      const auto size = ::read(descriptor, bytes.data(), bytes.size());
      return std::string_view(bytes.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    };
    ppp_.hear(read(port_));
    for (const auto& packet : ppp_.packets())
      static_cast<void>(!::write(tunnel_.device(), packet.data(), packet.size()));
    if (const auto packet = read(tunnel_.device()); !packet.empty() && is_ipv4(packet))
      ppp_.send_ip(packet);
  }
  static bool is_ipv4(std::string_view packet) {
    return static_cast<unsigned char>(packet.front()) >> 4U == 4;
  }
  void write(std::string_view frame) {
    while (!frame.empty()) {
      const auto size = ::write(port_, frame.data(), frame.size());
      if (size > 0) frame.remove_prefix(static_cast<std::size_t>(size));
    }
  }

  const Tunnel& tunnel_;
  int port_ = -1;
  PppHost ppp_{[this](const std::string& bytes) { write(bytes); }};
};

bool cannot_be(const Tunnel& tunnel) {
  if (tunnel.is_up()) return false;
  go_without("no namespace with an interface is to be had");
  return true;
}

}  // namespace

TEST_CASE(
    "mosquitto_pub and mosquitto_sub reach the demo broker through the tunnel [IP-5] [IP-8]") {
  for (const auto* tool : {"ip", "mosquitto_pub", "mosquitto_sub"})
    if (lacks(tool)) return;
  const Tunnel tunnel;
  if (cannot_be(tunnel)) return;
  Session session;
  Call call(session, tunnel);
  const auto port = std::to_string(session.emulator.broker_port());
  const auto first = tunnel.start({"mosquitto_pub", "-h", "10.64.12.2", "-p", port, "-q", "1", "-r",
                                   "-t", "tunnel", "-m", "through"});
  CHECK(call.carry_until_end(*first) == 0);
  const auto second = tunnel.start(
      {"mosquitto_sub", "-h", "10.64.12.2", "-p", port, "-t", "tunnel", "-C", "1", "-W", "10"});
  CHECK(call.carry_until_end(*second) == 0);
  CHECK(second->out() == "through\n");
}

TEST_CASE("curl fetches a megabyte through the tunnel, byte for byte [IP-5]") {
  for (const auto* tool : {"ip", "curl"})
    if (lacks(tool)) return;
  const Tunnel tunnel;
  if (cannot_be(tunnel)) return;
  Session session;
  Call call(session, tunnel);
  const auto& http = session.emulator.ready().at("services").at("http");
  const auto url = fmt::format("http://10.64.12.2:{}/bytes/1000000", http.at("port").get<int>());
  ScratchDirectory scratch;
  const auto far = tunnel.start({"curl", "-sS", "-o", scratch.file("far"), url});
  CHECK(call.carry_until_end(*far) == 0);
  const auto beside = fmt::format("http://127.0.0.1:{}/bytes/1000000", http.at("port").get<int>());
  CHECK(run({"curl", "-sS", "-o", scratch.file("near"), beside}).code == 0);
  CHECK(contents(scratch.file("far")).size() == 1'000'000);
  CHECK(contents(scratch.file("far")) == contents(scratch.file("near")));
}
