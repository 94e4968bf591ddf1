// Any host of a PPP session, its bytes in any pieces: the module says the same however they are
// cut, its frames are whole, and it comes to an end once; and any packet to the filter, the views
// and the name server. The first byte says how large the pieces are, the second one how the session
// is set. Then come acts: what, how many bytes, and those.
#include "data_services/ppp/control_packet.hpp"
#include "data_services/ppp/dns_answer.hpp"
#include "data_services/ppp/packet_filter.hpp"
#include "data_services/ppp/session.hpp"
#include "tests/fuzz/pieces.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace fuzz;
using namespace data_services::ppp;
using namespace std::chrono_literals;

Session::Config config_of(unsigned char bits) {
  Session::Config config;
  config.login = static_cast<Login>(bits % 3);
  config.refuses_login = (bits & 0x04U) != 0;
  if ((bits & 0x08U) != 0) config.ipcp_delay = 3s;
  if ((bits & 0x10U) != 0) config.first_frame_delay = 5s;
  config.offer = {.address = 0x0A00020F, .dns1 = 0x0A000203};
  if ((bits & 0x20U) != 0) config.offer.dns2 = 0x0A000204;
  if ((bits & 0x40U) != 0) config.offer.gateway = 0x0A000202;
  config.random = [next = std::make_shared<std::uint32_t>(0x11223344)] { return (*next)++; };
  return config;
}

class Host : public Session::Events {
 public:
  Host(unsigned char bits, std::size_t piece)
      : piece_(piece), session_(timeline_, config_of(bits), *this) {
    session_.start();
  }

  void act(unsigned char what, std::string_view bytes) {
    constexpr unsigned acts = 8;
    switch (what % acts) {
      case 0:
        return speak(bytes);
      case 1:
      case 2:
        return frame(bytes);
      case 3:
        return acknowledge();
      case 4:
        return wait(100ms * (bytes.empty() ? 1 : static_cast<unsigned char>(bytes[0])));
      case 5:
        return session_.send_packet(bytes);
      case 6:
        return bytes.empty() ? session_.resume() : session_.suspend();
      default:
        if (bytes.starts_with("end")) session_.terminate();
    }
  }

  void end() {
    wait(1000s);
    if (session_.negotiation_complete()) session_.terminate();
    wait(100s);
    require(ends_ == 1, "it ends once");
    require(timeline_.pending() == 0, "and is silent then");
  }

  [[nodiscard]] const std::string& said() const { return said_; }

 private:
  void transmit(std::string_view framed_bytes) override {
    require(ends_ == 0, "nothing comes behind the end");
    said_ += framed_bytes;
    Deframer deframer;
    const auto frame = deframer.next(framed_bytes);
    require(frame && framed_bytes.empty(), "one frame at a time");
    const auto open = open_frame(*frame);
    require(open && open->information.size() <= Session::mtu, "no more than the host takes");
    if (open->protocol == protocol::ip) return;
    const auto packet = parse_control(open->information);
    require(packet.has_value(), "a whole packet");
    if (packet->code != code::configure_request || open->protocol == protocol::chap) return;
    request_ = *open;
    request_bytes_ = open->information;
  }
  void packet(std::string_view ip) override {
    require(session_.negotiation_complete(), "no packet before IP is up");
    require(!ip.empty() && ip.size() <= Session::mtu, "no packet beyond the MTU");
    said_ += ip;
  }
  void established() override { said_ += "up"; }
  void ended(Session::Reason reason) override {
    ++ends_;
    said_ += name_of(reason);
  }

  void speak(std::string_view bytes) {
    for (Pieces pieces(bytes, piece_); !pieces.empty();) session_.receive(pieces.next(~0U));
  }
  void frame(std::string_view packet) {
    if (packet.size() < 2) return;
    std::string line;
    append_frame(line,
                 static_cast<std::uint16_t>((static_cast<unsigned char>(packet[0]) << 8U) |
                                            static_cast<unsigned char>(packet[1])),
                 packet.substr(2), {});
    speak(line);
  }
  void acknowledge() {
    if (!request_) return;
    std::string line;
    request_bytes_[0] = static_cast<char>(code::configure_ack);
    append_frame(line, request_->protocol, request_bytes_, {});
    speak(line);
  }
  void wait(at::Duration time) { timeline_.run_until(timeline_.now() + time); }

  std::size_t piece_;
  at::Timeline timeline_;
  std::string said_;
  std::optional<Frame> request_;
  std::string request_bytes_;
  int ends_ = 0;
  Session session_;
};

std::string call(std::string_view acts, unsigned char bits, std::size_t piece) {
  Host host(bits, piece);
  while (acts.size() >= 2) {
    const auto what = static_cast<unsigned char>(acts[0]);
    const auto size = std::min<std::size_t>(static_cast<unsigned char>(acts[1]), acts.size() - 2);
    host.act(what, acts.substr(2, size));
    acts.remove_prefix(2 + size);
  }
  host.end();
  return host.said();
}

void judge(std::string_view octets) {
  PacketFilter filter({.address = 0x0A00020F, .alias = 0x0A000202, .dns = {0x0A000203}});
  const auto ruling = filter.judge(octets);
  if (!ruling.packet) return;
  static_cast<void>(parse_udp(*ruling.packet));
  static_cast<void>(parse_tcp(*ruling.packet));
  for (const auto& made : {make_echo_reply(*ruling.packet),
                           make_unreachable(*ruling.packet, 0x0A000202, told(ruling.why))})
    if (made) require(parse_ip(*made).has_value(), "what it makes is a packet");
}

void ask(std::string_view query) {
  DnsAnswers answers([](const std::string& name, const DnsAnswers::Resolved& resolved) {
    resolved({name.size() % 2 == 0 ? DnsAnswers::Status::found : DnsAnswers::Status::no_such_name,
              std::vector<Address>(name.size(), 0x01020304)});
  });
  int said = 0;
  answers.ask(query, [&](std::string_view answer) {
    ++said;
    require(answer.size() <= DnsAnswers::max_answer, "an answer fits a datagram");
    require(answer.substr(0, 2) == query.substr(0, 2), "an answer has the question's number");
  });
  require(said <= 1 && answers.waiting() == 0, "a question has one answer at the most");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  require(call(bytes, data[1], data[0]) == call(bytes, data[1], bytes.size() * 2 + 16),
          "the same is said however the host's bytes are cut");
  judge(bytes);
  ask(bytes);
  return 0;
}
