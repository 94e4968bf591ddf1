// What an onlooker at the whole module sees, in order, with the virtual time in milliseconds.
#include "emulator/module/observer.hpp"

#include "tests/support/world.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace std::chrono_literals;
namespace mqtt = mqtt_backend;
namespace device = emulator::device;
namespace link_event = mqtt_backend::link_event;
using Lines = std::vector<std::string>;

namespace {

long long ms(at::Duration time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

std::string text(const at::event::CommandBegun& event) {
  return fmt::format("begun {}", event.name);
}
std::string text(const at::event::Unsolicited& event) {
  const auto blank = std::string_view("\r\n");
  const auto first = event.bytes.find_first_not_of(blank);
  return fmt::format("urc {}",
                     event.bytes.substr(first, event.bytes.find_last_not_of(blank) + 1 - first));
}
std::string text(const at::event::TimerSet& event) {
  return fmt::format("{} set {}", name_of(event.timer), ms(event.delay));
}
std::string text(const at::event::TimerFired& event) {
  return fmt::format("{} fired", name_of(event.timer));
}
template <class Other>
std::string text(const Other&) {
  return {};
}

std::string text(const mqtt::event::LinkOpening& event) {
  return fmt::format("opening {}:{}{}", event.host, event.port, event.tls ? " tls" : "");
}
std::string text(const mqtt::event::LinkNegotiating&) { return "negotiating"; }
std::string text(const mqtt::event::LinkOpened& event) {
  return event.result == mqtt::OpenResult::ok ? "established" : "not opened";
}
std::string text(const mqtt::event::LinkLost& event) {
  return fmt::format("lost, {}", event.detail);
}
std::string text(const mqtt::event::LinkEnded& event) {
  return event.ok ? "ended" : "ended without DISCONNECT";
}
std::string text(const mqtt::event::BearerLost& event) {
  return fmt::format("bearer {} lost", event.cid);
}
std::string text(const mqtt::event::PacketPassed& event) {
  return fmt::format("{} {} flags={} id={} length={}",
                     event.direction == mqtt::Direction::sent ? "sent" : "received",
                     name_of(event.packet.type), event.packet.flags, event.packet.id,
                     event.packet.length);
}
std::string text(const mqtt::event::ExchangeRefused& event) {
  return fmt::format("refused {}, {}", event.msg_id, text_of(event.why));
}
std::string text(const mqtt::event::MessageStored& event) {
  return fmt::format("stored as {}", event.recv_id);
}
std::string text(const mqtt::event::MessageDropped&) { return "dropped"; }
std::string text(const mqtt::event::MessageRead& event) {
  return fmt::format("read {}", event.recv_id);
}
std::string text(const mqtt::event::StateChanged& event) {
  return fmt::format("{} -> {}, {}", name_of(event.from), name_of(event.to), event.why);
}
std::string timer(mqtt::TimerName name, int msg_id, std::string_view what) {
  return fmt::format("{}{} {}", name_of(name), msg_id == 0 ? "" : fmt::format(" of {}", msg_id),
                     what);
}
std::string text(const mqtt::event::TimerSet& event) {
  return timer(event.timer, event.msg_id, fmt::format("set {}", ms(event.delay)));
}
std::string text(const mqtt::event::TimerFired& event) {
  return timer(event.timer, event.msg_id, "fired");
}
std::string text(const mqtt::event::TimerStopped& event) {
  return timer(event.timer, event.msg_id, "stopped");
}

std::string text(const device::event::PowerChanged& event) {
  return fmt::format("power {} fun={}", static_cast<int>(event.state), event.function_level);
}
std::string text(const device::event::SimChanged& event) {
  return fmt::format("sim {} -> {}", static_cast<int>(event.from), static_cast<int>(event.to));
}
std::string text(const device::event::RegistrationChanged& event) {
  return fmt::format("registration {}{}", static_cast<int>(event.stat),
                     event.attached ? " attached" : "");
}
std::string text(const device::event::ContextChanged& event) {
  return fmt::format("context {} {} by {}", event.change.cid, event.change.active ? "up" : "down",
                     static_cast<int>(event.change.by));
}
std::string text(const device::event::SceneChanged& event) {
  return fmt::format("scene {}", static_cast<int>(event.scene.service));
}

class Recorder : public emulator::Observer {
 public:
  using emulator::Observer::saw;

  void saw(at::Time at, at::Asker channel, const at::Event& event) override {
    const auto what = std::visit([](const auto& each) { return text(each); }, event);
    if (!what.empty()) note(at, fmt::format("channel {}", channel.channel), what);
  }
  void saw(at::Time at, int client_idx, const mqtt::Event& event) override {
    note(at, fmt::format("client {}", client_idx),
         std::visit([](const auto& each) { return text(each); }, event));
  }
  void saw(at::Time at, const device::Event& event) override {
    note(at, "device", std::visit([](const auto& each) { return text(each); }, event));
  }

  /// What was seen since this was last asked.
  Lines seen() { return std::exchange(lines_, {}); }

 private:
  void note(at::Time at, std::string_view who, std::string_view what) {
    lines_.push_back(fmt::format("{} {}: {}", ms(at.time_since_epoch()), who, what));
  }

  Lines lines_;
};

struct Session {
  explicit Session(const emulator::Modem::Settings& settings = {}) : world(settings, &recorder) {
    world.modem.power_on();
    world.settle();
  }

  void type(std::string_view bytes) {
    world.terminals[0]->receive(bytes);
    world.settle();
  }
  void link_says(mqtt::LinkEvent event) {
    world.links[0]->say(std::move(event));
    world.settle();
  }
  void pass(at::Duration time) { world.timeline.run_until(world.timeline.now() + time); }

  void open() {
    type("AT+QMTOPEN=0,\"host\",1883\r");
    link_says(link_event::Opened{mqtt::OpenResult::ok});
  }

  Recorder recorder;
  support::World world;
};

emulator::Modem::Settings with_scenario(const device::SceneChange& later) {
  emulator::Modem::Settings settings;
  const auto home = device::home_scene(*settings.device.model);
  settings.device.scenario = {{0s, home, {}}, later};
  return settings;
}

}  // namespace

TEST_CASE("an onlooker sees a client's life up to the last T1 [TIME-1]") {
  Session session;
  session.type("AT+QMTCFG=\"edit/timeout\",0,1,30\r");
  session.recorder.seen();

  session.open();
  CHECK(session.recorder.seen() == Lines{
                                       "0 channel 1: begun +QMTOPEN",
                                       "0 client 0: idle -> opening, AT+QMTOPEN",
                                       "0 client 0: open set 120000",
                                       "0 client 0: opening host:1883",
                                       "0 client 0: established",
                                       "0 client 0: open stopped",
                                       "0 client 0: opening -> open, link established",
                                       "0 channel 1: urc +QMTOPEN: 0,0",
                                   });

  session.type("AT+QMTCONN=0,\"id\",\"user\",\"secret\"\r");
  session.link_says(link_event::ConnAck{0, false});
  CHECK(session.recorder.seen() == Lines{
                                       "0 channel 1: begun +QMTCONN",
                                       "0 client 0: open -> connecting, AT+QMTCONN",
                                       "0 client 0: T1 set 5000",
                                       "0 client 0: T1 stopped",
                                       "0 client 0: T2 set 120000",
                                       "0 channel 1: urc +QMTCONN: 0,0,0",
                                       "0 client 0: connecting -> connected, CONNACK 0",
                                   });

  session.type("AT+QMTPUBEX=0,7,1,0,\"t\",2\r");
  session.type("hi");
  CHECK(session.world.links[0]->pass(mqtt::Direction::sent, {mqtt::PacketType::publish, 2, 7, 9}));
  CHECK(session.recorder.seen() == Lines{
                                       "0 channel 1: begun +QMTPUBEX",
                                       "0 channel 1: prompt set 30000",
                                       "0 client 0: T1 of 7 set 5000",
                                       "0 client 0: T2 set 120000",
                                       "0 client 0: sent PUBLISH flags=2 id=7 length=9",
                                   });

  session.pass(15s);
  CHECK(session.recorder.seen() ==
        Lines{
            "5000 client 0: T1 of 7 fired",
            "5000 client 0: T1 of 7 set 5000",
            "5000 client 0: T2 set 120000",
            "10000 client 0: T1 of 7 fired",
            "10000 client 0: T1 of 7 set 5000",
            "10000 client 0: T2 set 120000",
            "15000 client 0: T1 of 7 fired",
            "15000 channel 1: urc +QMTPUBEX: 0,7,2",
            "15000 client 0: T2 stopped",
            "15000 client 0: connected -> idle, +QMTPUBEX with msgID 7 unanswered for 15 s",
            "15000 channel 1: urc +QMTSTAT: 0,6",
        });
}

TEST_CASE("an onlooker sees why a link ended, and prompts that time out") {
  Session session;
  session.open();
  session.recorder.seen();
  session.link_says(link_event::Down{mqtt::DownReason::peer_closed, "closed by the peer"});
  CHECK(session.recorder.seen() == Lines{
                                       "0 client 0: lost, closed by the peer",
                                       "0 client 0: open -> idle, closed by the peer",
                                       "0 channel 1: urc +QMTSTAT: 0,1",
                                   });

  session.open();
  session.type("AT+QMTDISC=0\r");
  session.recorder.seen();
  session.link_says(link_event::Disconnected{true});
  CHECK(session.recorder.seen() == Lines{
                                       "0 client 0: ended",
                                       "0 client 0: disconnect stopped",
                                       "0 client 0: disconnecting -> idle, link ended",
                                       "0 channel 1: urc +QMTDISC: 0,0",
                                   });

  session.type("AT+QMTOPEN=0,\"nowhere\",1883\r");
  session.recorder.seen();
  session.link_says(link_event::Opened{mqtt::OpenResult::unresolved});
  // Its silence counts from the last input.
  session.type("AT+QFUPL=\"f\",3,1\r");
  session.pass(1s);
  CHECK(session.recorder.seen() == Lines{
                                       "0 client 0: not opened",
                                       "0 client 0: open stopped",
                                       "0 client 0: opening -> idle, the name has no address",
                                       "0 channel 1: urc +QMTOPEN: 0,4",
                                       "0 channel 1: begun +QFUPL",
                                       "0 channel 1: prompt set 1000",
                                       "0 channel 1: prompt set 1000",
                                       "1000 channel 1: prompt fired",
                                   });
}

TEST_CASE("an onlooker hears the data of a prompt before anything is done with them") {
  struct Listener : emulator::Observer {
    using emulator::Observer::saw;

    void saw(at::Time, at::Asker, const at::Event& event) override {
      const auto* heard = std::get_if<at::event::HostBytes>(&event);
      if (heard != nullptr && heard->bytes == "hi") requests = world->transport.requests[0];
    }
    void saw(at::Time, int, const mqtt::Event&) override {}
    void saw(at::Time, const device::Event&) override {}

    support::World* world = nullptr;
    std::deque<std::string> requests;
  };
  Listener listener;
  support::World world({}, &listener);
  listener.world = &world;
  world.modem.power_on();
  world.settle();
  const auto type = [&](std::string_view bytes) {
    world.terminals[0]->receive(bytes);
    world.settle();
  };
  type("ATE0;+QIACT=1;+QIOPEN=1,0,\"TCP\",\"host\",80,0,0\r");
  world.transport.events(0)->opened({"10.0.0.1", 1025});
  world.settle();
  type("AT+QISEND=0,2\r");
  type("hi");
  CHECK(listener.requests.back() != "send \"hi\"");
  CHECK(world.transport.requests[0].back() == "send \"hi\"");
}

TEST_CASE("an onlooker sees power, SIM and registration") {
  const auto settings = [] {
    auto scene = device::Scene{};
    scene.service = device::Scene::Service::none;
    auto result = with_scenario({10s, scene, {}});
    result.device.card.pin_enabled = true;
    return result;
  }();
  Session session(settings);
  CHECK(session.recorder.seen() == Lines{
                                       "0 device: power 1 fun=1",
                                       "0 device: power 2 fun=1",
                                       "0 channel 1: urc RDY",
                                       "0 channel 1: urc +CFUN: 1",
                                       "0 device: sim 1 -> 2",
                                       "0 device: sim 2 -> 3",
                                       "0 channel 1: urc +CPIN: SIM PIN",
                                   });

  session.type("AT+CPIN=1234\r");
  CHECK(session.recorder.seen() == Lines{
                                       "0 channel 1: begun +CPIN",
                                       "0 device: sim 3 -> 6",
                                       "0 device: registration 1 attached",
                                       "0 device: context 1 up by 2",
                                       "0 channel 1: urc +CPIN: READY",
                                       "0 channel 1: urc +QUSIM: 1",
                                       "0 channel 1: urc +QIND: PB DONE",
                                       "0 channel 1: urc +QIND: SMS DONE",
                                   });

  session.pass(10s);
  CHECK(session.recorder.seen() == Lines{
                                       "10000 device: scene 3",
                                       "10000 device: registration 2",
                                       "10000 device: context 1 down by 2",
                                   });

  session.type("AT+CFUN=0\r");
  CHECK(session.recorder.seen() == Lines{
                                       "10000 channel 1: begun +CFUN",
                                       "10000 device: power 2 fun=0",
                                       "10000 device: registration 0",
                                       "10000 device: sim 6 -> 1",
                                   });
}

TEST_CASE("an onlooker sees attachment by itself, and that a context goes with the power") {
  Session session;
  static_cast<void>(session.recorder.seen());
  session.type("AT+CGATT=0\r");
  CHECK(session.recorder.seen() == Lines{
                                       "0 channel 1: begun +CGATT",
                                       "0 device: registration 1",
                                       "0 device: context 1 down by 0",
                                   });
  session.type("AT+CGATT=1\r");
  CHECK(session.recorder.seen() == Lines{
                                       "0 channel 1: begun +CGATT",
                                       "0 device: registration 1 attached",
                                       "0 device: context 1 up by 2",
                                   });
  // What was chosen already is no news.
  session.type("AT+COPS=0\r");
  CHECK(session.recorder.seen() == Lines{"0 channel 1: begun +COPS"});
  session.world.modem.device().power().cut();
  const auto seen = session.recorder.seen();
  CHECK(std::count(seen.begin(), seen.end(), "0 device: context 1 down by 3") == 1);
}

TEST_CASE("an onlooker sees once that a module searches, whatever it searches for") {
  auto nowhere = device::Scene{};
  nowhere.service = device::Scene::Service::none;
  emulator::Modem::Settings settings;
  settings.device.boot.registration = 5s;
  settings.device.scenario = {{0s, nowhere, {}},
                              {10s, device::home_scene(*settings.device.model), {}}};
  Session session(settings);
  static_cast<void>(session.recorder.seen());
  session.pass(10s);
  CHECK(session.recorder.seen() == Lines{"10000 device: scene 0"});
  session.pass(5s);
  CHECK(session.recorder.seen() == Lines{
                                       "15000 device: registration 1 attached",
                                       "15000 device: context 1 up by 2",
                                   });
}

TEST_CASE("an onlooker sees a context taken down under a client") {
  emulator::Modem::Settings settings;
  Session session(with_scenario({10s, device::home_scene(*settings.device.model), {1}}));
  session.open();
  session.recorder.seen();
  session.pass(10s);
  CHECK(session.recorder.seen() == Lines{
                                       "10000 device: scene 0",
                                       "10000 device: context 1 down by 2",
                                       "10000 client 0: bearer 1 lost",
                                       "10000 client 0: open -> idle, bearer lost",
                                       "10000 channel 1: urc +QMTSTAT: 0,7",
                                   });
}

TEST_CASE("without an onlooker nobody asks a link for its packets") {
  support::World world{emulator::Modem::Settings{}};
  CHECK_FALSE(world.links[0]->pass(mqtt::Direction::sent, {mqtt::PacketType::pingreq, 0, 0, 2}));
}
