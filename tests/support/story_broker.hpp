// A broker that follows a story: what it must hear, in order, and what it does then, down to the
// single byte. Plays in a thread of its own while the test drives the modem; steps are played as
// soon as they are told. What does not fit ends the story. Owned by a test case, which asserts
// outcome() == as_told.
#pragma once

#include "mqtt_backend/link/framer.hpp"
#include "mqtt_backend/link/packet.hpp"
#include "tests/support/program.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace support {

/// Makes the answer to a packet that was heard; ids are taken from it.
using Reply = std::function<mqtt_backend::Packet(const mqtt_backend::Packet& heard)>;

Reply connack(std::uint8_t code = 0, std::uint8_t flags = 0);
Reply puback();
Reply pubrec();
Reply pubcomp();
Reply suback(std::vector<std::uint8_t> codes);
Reply unsuback();
Reply pingresp();
/// The same with another packet id, with flag bits added, with a remaining length that lies.
Reply wrong_id(Reply reply);
Reply wrong_flags(Reply reply);
Reply wrong_length(Reply reply);

/// A PUBLISH as a broker sends it; `id` only for qos 1 and 2.
mqtt_backend::Packet publish_packet(const std::string& topic, const std::string& payload, int qos,
                                    std::uint16_t id, bool dup = false);

class StoryBroker {
 public:
  using Packet = mqtt_backend::Packet;
  using PacketType = mqtt_backend::PacketType;
  using Clock = std::chrono::steady_clock;

  struct Heard {
    Packet packet;
    Clock::time_point at;
  };

  /// Story of one packet: checks, then what is done; told when the expression ends.
  class Line;

  enum class Listening {
    normal,
    full_backlog,  // the kernel drops every SYN until accept()
    small_buffer,  // it takes a few kB of what is not read
  };

  explicit StoryBroker(const std::string& address = "127.0.0.1",
                       Listening listening = Listening::normal);
  ~StoryBroker();
  StoryBroker(const StoryBroker&) = delete;
  StoryBroker& operator=(const StoryBroker&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// The next link; expect() and say() do it by themselves when there is none.
  void accept();
  /// The next packet of the modem must be of this type.
  Line expect(PacketType type);
  void say(Packet bytes);
  void delay(std::chrono::milliseconds time);
  /// Nothing may come for this long.
  void hear_nothing(std::chrono::milliseconds time);
  /// FIN; reads on until the modem closes too.
  void then_close();
  /// RST.
  void then_reset();
  /// The modem must close, with nothing more said.
  void then_left();

  static const std::string as_told;
  /// Waits until all that was told is played; as_told, or what was expected and what came.
  std::string outcome();
  [[nodiscard]] std::vector<Heard> heard() const;

 private:
  using Step = std::function<void()>;
  /// The story does not go on as it was told.
  struct Deviation : std::runtime_error {
    using std::runtime_error::runtime_error;
  };

  static std::string described(const Packet& packet);
  void listen(const std::string& address, Listening listening);
  void tell(Step step);
  void play();
  void need_link();
  Packet hear(PacketType type);
  void send(const Packet& bytes) const;
  /// False when it is `limit` or the end of the story that came first.
  bool readable(int descriptor, std::chrono::milliseconds limit) const;
  /// Bytes taken in; 0 at the end of the link.
  std::size_t take_in();
  void reset_link();

  int listener_ = -1;
  int filler_ = -1;
  int link_ = -1;
  int stop_ = -1;
  std::uint16_t port_ = 0;
  mqtt_backend::Framer framer_;
  std::deque<Packet> kept_;
  Packet rest_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Step> steps_;
  bool busy_ = false;
  bool stopped_ = false;
  std::string fault_;
  std::vector<Heard> heard_;
  std::thread thread_;
};

class StoryBroker::Line {
 public:
  Line(StoryBroker& broker, PacketType type) : broker_(broker), type_(type) {}
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  Line& id(std::uint16_t id);
  Line& qos(int qos);
  Line& with_dup();
  Line& without_dup();
  Line& topic(const std::string& topic);
  Line& payload(const std::string& payload);
  /// These three of CONNECT only.
  Line& version(int version);
  Line& keepalive(int seconds);
  Line& clean(bool clean);

  /// No answer. For the reader.
  Line& withhold() { return *this; }
  Line& delay(std::chrono::milliseconds time);
  Line& answer(const Reply& reply, int times = 1);
  /// As answer(), each byte in a segment of its own.
  Line& answer_bytewise(const Reply& reply);
  /// The first `size` bytes of the answer; answer_rest() of a later line sends the others.
  Line& answer_part(const Reply& reply, std::size_t size);
  Line& answer_rest();
  /// Puts the packet aside; answer_kept() of a later line answers the oldest one.
  Line& keep();
  Line& answer_kept(const Reply& reply);

 private:
  using Action = std::function<void(const Packet&)>;
  Line& then(Action action);
  Line& check(const std::string& name, const std::string& wanted,
              const std::function<std::string(const Packet&)>& found);

  StoryBroker& broker_;
  PacketType type_;
  std::vector<Action> actions_;
};

}  // namespace support
