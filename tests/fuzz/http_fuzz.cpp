// Any bytes of a server in any pieces: read as a response they mean the same however they are cut,
// and a host gets whole answers with the body that they hold. Whatever came, the next good request
// succeeds. The first byte says how the host reads and how the server ends, the second how large
// the pieces are.
#include "codec/http_response.hpp"
#include "tests/fuzz/pieces.hpp"
#include "tests/support/world.hpp"

#include <cstdint>
#include <utility>

#include <fmt/format.h>

namespace {

using namespace fuzz;
using namespace std::chrono_literals;

constexpr std::size_t window = 4096;
constexpr std::string_view get_result = "+QHTTPGET: ";
constexpr std::string_view read_result = "+QHTTPREAD: ";

/// What a response is to whoever reads it.
struct Meaning {
  std::string head{};
  std::string body{};
  bool complete = false;
  bool malformed = false;
};

/// What is malformed may be seen earlier or later.
void require_alike(const Meaning& one, const Meaning& other) {
  constexpr std::string_view claim = "a response is the same however it is cut";
  require(one.head == other.head && one.complete == other.complete, claim, one.head);
  if (one.malformed || other.malformed)
    require(one.body.starts_with(other.body) || other.body.starts_with(one.body), claim);
  else
    require(one.body == other.body, claim, one.body);
}

Meaning meaning_of(Pieces pieces, bool ended) {
  codec::HttpResponse response;
  Meaning meaning;
  while (!pieces.empty() && !response.is_malformed())
    meaning.body += response.take(pieces.next(~0U));
  if (ended) response.peer_ended();
  if (response.head()) meaning.head = response.head()->text;
  meaning.complete = response.is_complete();
  meaning.malformed = response.is_malformed();
  return meaning;
}

class Session {
 public:
  Session(std::uint8_t options, Pieces pieces) : options_(options), pieces_(pieces), world_({}) {
    world_.modem.power_on();
    world_.settle();
    type("ATE0\r");
    type("AT+QIACT=1;+QHTTPCFG=\"url\",\"http://a/p\"\r");
    if (prints_head()) type("AT+QHTTPCFG=\"responseheader\",1\r");
    said().clear();
  }

  void run() {
    constexpr int most = 4;
    for (int i = 0; i < most && !pieces_.empty(); ++i) request();
    pieces_ = {"", 1};
    good_request();
  }

 private:
  [[nodiscard]] bool prints_head() const { return (options_ & 1U) != 0; }
  [[nodiscard]] bool resets() const { return (options_ & 2U) != 0; }
  [[nodiscard]] bool stays_silent() const { return (options_ & 4U) != 0; }

  std::string& said() {
    world_.settle();
    return world_.ports[0].unread;
  }
  void type(std::string_view bytes) {
    world_.terminals[0]->receive(bytes);
    world_.settle();
  }

  /// The connection that stands, opened, and what was asked of it noted.
  const support::FakeTransport::Events* connection() {
    auto& all = world_.transport.requests;
    if (all.empty()) return nullptr;
    number_ = all.rbegin()->first;
    const auto* events = world_.transport.events(number_);
    if (events == nullptr) return nullptr;
    if (!world_.transport.opened.contains(number_)) {
      events->opened({"10.0.0.1", 1025});
      world_.settle();
    }
    for (const auto& asked : std::exchange(all[number_], {}))
      if (asked.starts_with("send ")) response_.clear();
    return world_.transport.events(number_);
  }

  /// Something more of the server, or its end, or time.
  void go_on() {
    const auto* events = connection();
    if (events != nullptr) {
      auto& wanted = world_.transport.wanted[number_];
      require(wanted <= window, "no more is wanted than a window");
      const auto piece = pieces_.next(wanted);
      if (!piece.empty()) {
        wanted -= piece.size();
        response_ += piece;
        const auto kept = *events;
        kept.arrived({piece});
        return world_.settle();
      }
      if (!stays_silent()) {
        const auto kept = *events;
        kept.ended(resets() ? data_services::Ending::reset : data_services::Ending::finished);
        return world_.settle();
      }
    }
    world_.timeline.run_until(world_.timeline.now() + 61s);
  }

  void until_line(std::string_view name) {
    constexpr int most = 6000;
    for (int i = 0; said().find(name) == std::string::npos; ++i) {
      require(i < most, name, said());
      go_on();
    }
  }

  void request() {
    type("AT+QHTTPGET=60\r");
    take(said(), "\r\nOK\r\n");
    until_line(get_result);
    const auto line = take_line(said());
    require(said().empty(), "one result", said());
    const auto result = line.substr(get_result.size());
    if (!result.starts_with("0,")) return require(result.size() == 3, "a code alone", line);
    read();
  }

  void read() {
    type("AT+QHTTPREAD=60\r");
    until_line(read_result);
    auto text = std::exchange(said(), {});
    take(text, "\r\nCONNECT\r\n");
    const auto end = text.rfind("\r\nOK\r\n\r\n+QHTTPREAD: ");
    require(end != std::string::npos, "OK and a result", text);
    const auto code = text.substr(end + 8 + read_result.size());
    const auto wanted = meaning_of({response_, response_.size()}, true);
    const auto body = (prints_head() ? wanted.head : "") + wanted.body;
    text.resize(end);
    if (code == "0\r\n") return require(text == body, "the body", text);
    require(body.starts_with(text), "the beginning of the body", text);
  }

  void good_request() {
    type("AT+QHTTPSTOP\r");
    said().clear();
    type("AT+QHTTPGET\r");
    take(said(), "\r\nOK\r\n");
    const auto* events = connection();
    require(events != nullptr, "a connection");
    const auto kept = *events;
    kept.arrived({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"});
    require(said() == "\r\n+QHTTPGET: 0,200,2\r\n", "a good request", said());
    said().clear();
    type("AT+QHTTPREAD\r");
    if (!prints_head())
      require(said() == "\r\nCONNECT\r\nhi\r\nOK\r\n\r\n+QHTTPREAD: 0\r\n", "its body", said());
  }

  std::uint8_t options_;
  Pieces pieces_;
  support::World world_;
  std::size_t number_ = 0;
  std::string response_;  // came since the last request
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  std::string bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  // No body looks like a result line.
  std::replace(bytes.begin(), bytes.end(), '+', '-');
  const Pieces pieces(bytes, data[1]);
  for (const bool ended : {false, true})
    require_alike(meaning_of(pieces, ended), meaning_of({bytes, bytes.size()}, ended));
  Session(data[0], pieces).run();
  return 0;
}
