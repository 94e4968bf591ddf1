// A host that dials, as far as a test needs one: takes whatever the module asks for, asks for an
// address and two name servers, logs in by CHAP or PAP. Of the code under test independent.
// Owned by a test.
#pragma once

#include "tests/unit/data_services/ppp/hex.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace support {

class PppHost {
 public:
  explicit PppHost(std::function<void(const std::string&)> send) : send_(std::move(send)) {}

  /// The first word after CONNECT.
  void begin() { say("\xC0\x21\x01\x01", ppp_test::hex("0206 00000000 0506 DEADBEEF")); }

  /// Bytes of the module; text between frames is kept apart.
  void hear(std::string_view bytes) {
    for (const char byte : bytes) {
      if (byte != '\x7E') {
        (in_frame_ ? frame_ : text_) += byte;
        continue;
      }
      if (in_frame_ && !frame_.empty()) take(ppp_test::opened("\x7E" + frame_ + "\x7E"));
      in_frame_ = !in_frame_ || frame_.empty();
      frame_.clear();
    }
  }

  void send_ip(std::string_view packet) {
    send_(ppp_test::framed(std::string("\x00\x21", 2) + std::string(packet)));
  }
  void terminate() { say("\xC0\x21\x05\x09", {}); }

  [[nodiscard]] bool is_up() const { return acknowledged_ && agreed_; }
  /// "0A 40 0C 03", as the module gave them.
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] const std::string& servers() const { return servers_; }
  [[nodiscard]] std::vector<std::string> packets() { return std::exchange(packets_, {}); }
  /// What came that is no frame.
  [[nodiscard]] std::string text() { return std::exchange(text_, {}); }
  /// Of the module's: Terminate-Requests, and acknowledgements of ours.
  [[nodiscard]] int terminations() const { return terminations_; }
  [[nodiscard]] int farewells() const { return farewells_; }

 private:
  void say(std::string_view head, std::string_view rest) {
    const auto size = 4 + rest.size();
    std::string packet(head);
    packet += static_cast<char>(size >> 8U);
    packet += static_cast<char>(size & 0xFFU);
    send_(ppp_test::framed(packet + std::string(rest)));
  }
  void ask_for(const std::string& address, const std::string& first, const std::string& second) {
    say("\x80\x21\x01\x05", "\x03\x06" + address + "\x81\x06" + first + "\x83\x06" + second);
  }

  void take(std::string packet) {
    const auto protocol = packet.substr(0, 2);
    if (protocol == std::string("\x00\x21", 2)) return packets_.push_back(packet.substr(2));
    if (packet.size() < 6) return;
    const char code = packet[2];
    if (protocol == "\xC0\x21") return take_lcp(packet, code);
    if (protocol == "\xC2\x23" && code == 1) {
      const std::string response = std::string("\x10") + std::string(16, 'x') + "user";
      say(std::string("\xC2\x23\x02") + packet[3], response);
    }
    if (protocol == "\x80\x21") take_ipcp(packet, code);
  }

  void take_lcp(std::string packet, char code) {
    constexpr char pap = '\x23';
    if (code == 1) {
      const auto auth = packet.find(std::string("\x03\x04\xC0") + pap);
      asks_pap_ = auth != packet.npos;
      packet[2] = 2;
      send_(ppp_test::framed(packet));
      if (asks_pap_) say("\xC0\x23\x01\x01", std::string("\x04user\x02pw"));
    }
    if (code == 5) {
      ++terminations_;
      packet[2] = 6;
      send_(ppp_test::framed(packet));
    }
    if (code == 6) ++farewells_;
  }

  void take_ipcp(std::string packet, char code) {
    const std::string nothing(4, '\0');
    if (code == 1) {
      packet[2] = 2;
      send_(ppp_test::framed(packet));
      acknowledged_ = true;
      if (!asked_) ask_for(nothing, nothing, nothing);
      asked_ = true;
    }
    if (code == 3 && packet.size() >= 24) {
      address_ = ppp_test::shown(packet.substr(8, 4));
      servers_ =
          ppp_test::shown(packet.substr(14, 4)) + ", " + ppp_test::shown(packet.substr(20, 4));
      ask_for(packet.substr(8, 4), packet.substr(14, 4), packet.substr(20, 4));
    }
    if (code == 2) agreed_ = true;
  }

  std::function<void(const std::string&)> send_;
  bool in_frame_ = false;
  std::string frame_;
  std::string text_;
  bool asks_pap_ = false;
  bool asked_ = false;
  bool acknowledged_ = false;
  bool agreed_ = false;
  std::string address_;
  std::string servers_;
  std::vector<std::string> packets_;
  int terminations_ = 0;
  int farewells_ = 0;
};

}  // namespace support
