// Any order of what a client asks and a broker says, at the real relay and Paho over loopback: a
// model broker answers as it should, late, twice, or not, and sends any bytes when told to. Each
// opening ends once, each exchange at most once, and what the broker sent in order comes in order.
#include "tests/fuzz/pieces.hpp"
#include "tests/support/link_bench.hpp"
#include "tests/support/scripted_broker.hpp"

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <variant>

#include <spdlog/spdlog.h>

namespace {

using namespace mqtt_backend;
using namespace std::chrono_literals;

struct World {
  support::LinkBench bench;
  support::ScriptedBroker broker{bench.io};
};

/// One for the process: the library's threads live as long.
World& world() {
  static World& made = *[] {
    spdlog::set_level(spdlog::level::off);
    return new World;
  }();
  return made;
}

class Session {
 public:
  explicit Session(int version) : probe_(world().bench) {
    auto request = support::as_client("fuzz");
    request.version = version;
    auto& broker = world().broker;
    broker.packets.clear();
    broker.on_packet = [this](const Packet& packet) { asked_.push_back(packet); };
    probe_.open(broker.port());
    probe_.connect(request);
    asked_.clear();
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { world().broker.on_packet = nullptr; }

  void step(fuzz::Pieces& more, unsigned code) {
    const unsigned what = code & 0x0FU;
    const int qos = static_cast<int>(code >> 4U) % 3;
    const auto id = static_cast<std::uint16_t>(1 + (code >> 4U));
    switch (what) {
      case 0:
      case 1:
        return ask(probe_.link.publish({id, qos, false, "t/a", std::string(code, 'p')}));
      case 2:
        return ask(probe_.link.subscribe(id, {{"t/#", qos}, {"u", 1}}));
      case 3:
        return ask(probe_.link.unsubscribe(id, {"t/#"}));
      case 4:
      case 5:
      case 6:
        return answer(what == 5);
      case 7:
        return send(message(qos, id, false));
      case 8:
        return send(message(qos, id, true));
      case 9:
        return send_raw(more);
      case 10:
        return probe_.link.resend(last_);
      case 11:
        return probe_.link.ping();
      case 12:
        return probe_.link.back_pressure((code & 0x10U) != 0);
      case 13:
        return settle(2ms);
      case 14:
        return code < 0xC0 ? settle(5ms) : world().broker.hang_up((code & 0x10U) != 0);
      default:
        return code < 0xC0 ? settle(1ms) : probe_.link.disconnect();
    }
  }

  void end() {
    settle(10ms);
    check();
    probe_.link.close();
    const auto before = probe_.events.size();
    settle(1ms);
    fuzz::require(probe_.events.size() == before, "nothing comes behind close()");
  }

 private:
  void ask(Ticket ticket) {
    last_ = ticket;
    tickets_.insert(ticket);
  }

  static void settle(std::chrono::milliseconds time) { world().bench.run_for(time); }

  static void send(const Packet& packet) { world().broker.send(packet); }

  void send_raw(fuzz::Pieces& more) {
    well_behaved_ = false;
    std::size_t size = more.empty() ? 1 : static_cast<unsigned char>(more.next(1)[0]) % 32U + 1;
    Packet bytes;
    for (; size > 0 && !more.empty(); --size)
      bytes.push_back(static_cast<std::uint8_t>(more.next(1)[0]));
    send(bytes);
  }

  Packet message(int qos, std::uint16_t id, bool dup) {
    Packet body;
    append_text(body, "t/a");
    if (qos > 0) append_u16(body, id);
    const auto number = std::to_string(sent_++);
    body.insert(body.end(), number.begin(), number.end());
    auto packet = make_packet(static_cast<std::uint8_t>(0x30 | (qos << 1)), body);
    if (qos > 0) set_dup(packet, dup);
    return packet;
  }

  /// Answers what was asked first, once or twice, as a broker does.
  void answer(bool twice) {
    if (asked_.empty()) return;
    const auto packet = asked_.front();
    asked_.pop_front();
    const auto id = packet.size() > 3 ? id_of(packet) : std::uint16_t{0};
    const auto reply = [&](std::uint8_t first, Packet codes = {}) {
      Packet body;
      append_u16(body, id);
      body.insert(body.end(), codes.begin(), codes.end());
      for (int i = 0; i < (twice ? 2 : 1); ++i) send(make_packet(first, body));
    };
    switch (type_of(packet)) {
      case PacketType::publish:
        if (qos_of(packet) > 0) reply(qos_of(packet) == 1 ? 0x40 : 0x50);
        return;
      case PacketType::pubrel:
        return reply(0x70);
      case PacketType::pubrec:
        return reply(0x62);
      case PacketType::subscribe:
        return reply(0x90, {0, 1});
      case PacketType::unsubscribe:
        return reply(0xB0);
      case PacketType::pingreq:
        return send(bare_packet(PacketType::pingresp));
      default:
        return;
    }
  }

  void check() const {
    std::set<Ticket> done;
    int ends = 0;
    int last = -1;
    for (const auto& event : probe_.events) {
      // A disconnect() of what has ended is told to be done.
      fuzz::require(ends == 0 || std::holds_alternative<link_event::Disconnected>(event),
                    "nothing comes behind the end of a link");
      if (const auto* acked = std::get_if<link_event::Acked>(&event)) {
        fuzz::require(tickets_.count(acked->ticket) > 0, "what ends was asked for");
        fuzz::require(done.insert(acked->ticket).second, "an exchange ends once");
      } else if (const auto* message = std::get_if<link_event::Message>(&event)) {
        if (!well_behaved_) continue;
        // Of qos 2 one comes at its PUBREL, so behind others.
        fuzz::require(message->qos == 2 || std::stoi(message->payload) > last, "messages in order",
                      message->payload);
        if (message->qos < 2) last = std::stoi(message->payload);
      } else if (std::holds_alternative<link_event::Down>(event) ||
                 std::holds_alternative<link_event::Disconnected>(event)) {
        ++ends;
      }
    }
  }

  support::Probe probe_;
  std::deque<Packet> asked_;
  std::set<Ticket> tickets_;
  Ticket last_ = 0;
  int sent_ = 0;
  bool well_behaved_ = true;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most = 96;
  if (size < 2) return 0;
  Session session(data[0] % 2 == 0 ? 4 : 3);
  fuzz::Pieces rest({reinterpret_cast<const char*>(data) + 1, std::min(size - 1, most)}, 1);
  while (!rest.empty()) session.step(rest, static_cast<unsigned char>(rest.next(1)[0]));
  session.end();
  return 0;
}
