// Any bytes of an FTP server in any pieces: its replies are the same however they are cut, and each
// command of the host ends once, in its form. The first byte says how large the pieces are; then
// come scenes, parted by NUL: a byte that chooses the command, and what the server says to it.
#include "data_services/ftp/ftp_reply.hpp"
#include "tests/fuzz/pieces.hpp"
#include "tests/support/world.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

namespace {

using namespace fuzz;
using namespace std::chrono_literals;

struct Meaning {
  std::string replies{};
  bool is_ftp = true;

  bool operator==(const Meaning&) const = default;
};

Meaning meaning_of(Pieces pieces) {
  data_services::FtpReplyReader reader;
  Meaning meaning;
  while (!pieces.empty() && meaning.is_ftp) {
    meaning.is_ftp = reader.feed(pieces.next(~0U));
    while (const auto reply = reader.next()) {
      require(reply->code >= 100 && reply->code < 600, "a code of three digits");
      meaning.replies += fmt::format("{} {}\n", reply->code, reply->text);
    }
  }
  return meaning;
}

void read_places(std::string_view text) {
  if (const auto place = data_services::passive_place(text))
    require(place->port != 0 && !place->address.empty(), "a place", text);
  if (const auto port = data_services::extended_passive_port(text))
    require(*port != 0, "a port", text);
  if (const auto path = data_services::quoted_path(text))
    require(path->size() + 2 <= text.size(), "a path", text);
}

enum class At { result, port, prompt };
struct Order {
  std::string_view line;
  std::string_view name;
  At how;
};

constexpr std::array<Order, 9> orders{{
    {"AT+QFTPOPEN=\"h\"", "+QFTPOPEN: ", At::result},
    {"AT+QFTPPWD", "+QFTPPWD: ", At::result},
    {"AT+QFTPSIZE=\"x\"", "+QFTPSIZE: ", At::result},
    {"AT+QFTPRENAME=\"x\",\"y\"", "+QFTPRENAME: ", At::result},
    {"AT+QFTPLIST=\"/\"", "+QFTPLIST: ", At::port},
    {"AT+QFTPGET=\"x\",\"UFS:x\",2", "+QFTPGET: ", At::result},
    {"AT+QFTPGET=\"x\",\"COM:\"", "+QFTPGET: ", At::port},
    {"AT+QFTPPUT=\"x\",\"COM:\",0,4,1", "+QFTPPUT: ", At::prompt},
    {"AT+QFTPCLOSE", "+QFTPCLOSE: ", At::result},
}};

class Session {
 public:
  explicit Session(std::size_t piece) : piece_(piece), world_({}) {
    world_.modem.power_on();
    world_.settle();
    type("ATE0\r");
    type("AT+QIACT=1\r");
    said().clear();
    play(orders[0], "220 hello\r\n331 who?\r\n230 in\r\n");
  }

  void play(const Order& order, std::string_view text) {
    Pieces pieces(text, piece_);
    type(std::string(order.line) + "\r");
    bool entered = false;
    for (int i = 0; !is_over(order); ++i) {
      constexpr int most = 6000;
      require(i < most, order.line, said());
      if (order.how == At::prompt && !entered && said().ends_with("\r\nCONNECT\r\n")) {
        entered = true;
        type("four");
      } else if (!peers_act(pieces)) {
        world_.timeline.run_until(world_.timeline.now() + 31s);
      }
    }
    judge(order);
  }

  void end() {
    type("AT\r");
    require(said() == "\r\nOK\r\n", "it answers", said());
  }

 private:
  std::string& said() {
    world_.settle();
    return world_.ports[0].unread;
  }
  void type(std::string_view bytes) {
    world_.terminals[0]->receive(bytes);
    world_.settle();
  }

  [[nodiscard]] bool is_over(const Order& order) {
    return said().find(order.name) != std::string::npos || said().starts_with("\r\n+CME ERROR: ") ||
           said() == "\r\nERROR\r\n";
  }

  /// Data go through any connection but the first of a session, which is the control connection.
  bool peers_act(Pieces& pieces) {
    for (const auto& [number, requests] : world_.transport.requests) {
      const auto* events = world_.transport.events(number);
      if (events == nullptr) continue;
      const auto kept = *events;
      const bool is_control = !requests.empty() && requests.front() == "connect h 21";
      auto& wanted = world_.transport.wanted[number];
      if (!world_.transport.opened.contains(number)) {
        kept.opened({"10.0.0.1", 1025});
      } else if (is_control && !pieces.empty() && wanted > 0) {
        const auto piece = pieces.next(wanted);
        wanted -= piece.size();
        kept.arrived({piece});
      } else if (!is_control && wanted > 2 && !told_.contains(number)) {
        told_.insert(number);
        wanted -= 3;
        kept.arrived({"xyz"});
      } else if (!is_control && told_.contains(number) && !ended_.contains(number)) {
        ended_.insert(number);
        kept.ended(data_services::Ending::finished);
      } else if (!requests.empty() && requests.back() == "close" && !ended_.contains(number)) {
        ended_.insert(number);
        kept.closed();
      } else {
        continue;
      }
      world_.settle();
      return true;
    }
    return false;
  }

  void judge(const Order& order) {
    auto text = std::exchange(said(), {});
    if (text.starts_with("\r\n+CME ERROR: ") || text == "\r\nERROR\r\n") {
      static_cast<void>(take_line(text));
      return require(text.empty(), "a refusal alone", text);
    }
    if (order.how != At::result) {
      take(text, "\r\nCONNECT\r\n");
      if (text.starts_with("xyz")) take(text, "xyz");
    }
    take(text, "\r\nOK\r\n");
    require(take_line(text).starts_with(order.name), order.name, text);
    require(text.empty(), "one result", text);
  }

  std::size_t piece_;
  support::World world_;
  std::set<std::size_t> told_;
  std::set<std::size_t> ended_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t piece = data[0];
  std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  require(meaning_of({bytes, piece}) == meaning_of({bytes, bytes.size()}),
          "replies are the same however they are cut");
  read_places(bytes);
  Session session(piece);
  constexpr int most = 12;
  for (int i = 0; i < most && !bytes.empty(); ++i) {
    const auto end = std::min(bytes.find('\0'), bytes.size());
    const auto scene = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (scene.empty()) continue;
    const auto choice = static_cast<unsigned char>(scene.front());
    session.play(orders[choice % orders.size()], scene.substr(1));
  }
  session.end();
  return 0;
}
