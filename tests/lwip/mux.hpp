// The basic mode of 27.010 for a host, as small as a driver's: opens and closes DLCIs, sorts what
// the modem says by them, takes and gives MSC, and holds back data of a DLCI that the modem has
// stopped. Frames that it cannot read end the program. Owned by the Host.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace lwip_host {

class Mux {
 public:
  using Send = std::function<void(std::string_view)>;
  using Hear = std::function<void(int dlci, std::string_view)>;
  using Fail = std::function<void(const std::string&)>;

  Mux(Send send, Hear hear, Fail fail)
      : send_(std::move(send)), hear_(std::move(hear)), fail_(std::move(fail)) {}

  void open(int dlci) { send_(frame(dlci, sabm, {})); }
  void close(int dlci) { send_(frame(dlci, disc, {})); }
  void end() { send_(frame(0, uih, "\xC3\x01")); }
  void say(int dlci, std::string_view bytes) {
    dlcis_[dlci].waiting += bytes;
    drain(dlci);
  }
  /// Ready, ready, data valid: what a host says of a DLCI before it uses it.
  void say_ready(int dlci) {
    send_(frame(0, uih, std::string("\xE3\x05") + static_cast<char>(dlci << 2 | 3) + '\x8D'));
  }

  [[nodiscard]] bool is_open(int dlci) const {
    const auto found = dlcis_.find(dlci);
    return found != dlcis_.end() && found->second.open;
  }
  /// The modem has agreed to CLD.
  [[nodiscard]] bool has_ended() const { return ended_; }

  void hear(std::string_view bytes) {
    waiting_ += bytes;
    while (!ended_ && take_frame()) {
    }
  }

 private:
  static constexpr int sabm = 0x3F, ua = 0x73, dm = 0x1F, disc = 0x53, uih = 0xEF;
  static constexpr char flag = '\xF9';
  static constexpr std::size_t longest = 127;

  struct Dlci {
    bool open = false;
    bool stopped = false;
    std::string waiting;
  };

  static int octet(std::string_view bytes, std::size_t place) {
    return static_cast<unsigned char>(bytes[place]);
  }
  static char sum(std::string_view bytes) {
    int crc = 0xFF;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      crc ^= octet(bytes, i);
      for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xE0 : 0);
    }
    return static_cast<char>(0xFF - crc);
  }
  static std::string frame(int dlci, int control, std::string_view data) {
    const std::string head{static_cast<char>(dlci << 2 | 3), static_cast<char>(control),
                           static_cast<char>(data.size() << 1U | 1U)};
    return flag + head + std::string(data) + sum(head) + flag;
  }

  void drain(int dlci) {
    auto& [open, stopped, waiting] = dlcis_[dlci];
    std::size_t sent = 0;
    for (; sent < waiting.size() && !stopped; sent += std::min(longest, waiting.size() - sent))
      send_(frame(dlci, uih, std::string_view(waiting).substr(sent, longest)));
    waiting.erase(0, sent);
  }

  bool take_frame() {
    waiting_.erase(0, std::min(waiting_.find_first_not_of(flag), waiting_.size()));
    if (waiting_.size() < 5) return false;
    const std::size_t head = (octet(waiting_, 2) & 1) != 0 ? 3 : 4;
    const auto low = static_cast<std::size_t>(octet(waiting_, 2)) >> 1U;
    const auto size = head == 3 ? low : low | static_cast<std::size_t>(octet(waiting_, 3)) << 7U;
    if (waiting_.size() < head + size + 2) return false;
    const auto whole = waiting_.substr(0, head + size + 2);
    const int control = octet(whole, 1) & ~0x10;
    const auto covered = whole.substr(0, control == uih ? head : head + size);
    if (whole.back() != flag || sum(covered) != whole[head + size])
      fail_("the multiplexer: a frame is damaged");
    waiting_.erase(0, whole.size());
    take(octet(whole, 0) >> 2, octet(whole, 1) | 0x10, whole.substr(head, size));
    return true;
  }

  void take(int dlci, int control, std::string_view data) {
    if (control == ua) {
      dlcis_[dlci].open = !dlcis_[dlci].open;
    } else if (control == dm || control == disc) {
      dlcis_[dlci].open = false;
      if (control == disc) send_(frame(dlci, ua, {}));
    } else if ((control & ~0x10) == uih) {
      dlci == 0 ? take_command(data) : hear_(dlci, data);
    }
  }

  void take_command(std::string_view command) {
    if (command.size() < 2) return;
    const int kind = octet(command, 0);
    if (kind == 0xC1) ended_ = true;
    if (kind != 0xE3 || command.size() < 4) return;
    std::string answer(command);
    answer[0] = '\xE1';
    send_(frame(0, uih, answer));
    const int dlci = octet(command, 2) >> 2;
    dlcis_[dlci].stopped = (octet(command, 3) & 2) != 0;
    drain(dlci);
  }

  Send send_;
  Hear hear_;
  Fail fail_;
  std::string waiting_;
  std::map<int, Dlci> dlcis_;
  bool ended_ = false;
};

}  // namespace lwip_host
