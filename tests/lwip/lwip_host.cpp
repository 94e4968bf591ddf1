// lwIP's PPP client at a modem's terminal, for the tests: dials, does the errands that its command
// line names, in that order, hangs up in order, and tells of each step in a line. With --mux all of
// it inside the multiplexer, with commands on another channel meanwhile. Exit code 0, or 1 with a
// line on standard error.
#include "errands.hpp"
#include "host.hpp"

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <lwip/dns.h>
#include <lwip/init.h>

using namespace lwip_host;

namespace {

constexpr const char* usage =
    "lwip_host --port TTY [--mux] [--user U --password P --auth pap|chap|none]\n"
    "  [--ping HOST] [--resolve NAME] [--udp-echo HOST:PORT TEXT] [--output FILE]\n"
    "  [--get http://HOST[:PORT]/PATH] [--seconds N]";

struct Options {
  std::string port;
  bool mux = false;
  Login login{"lwip", "secret", PPPAUTHTYPE_PAP | PPPAUTHTYPE_CHAP};
  std::chrono::seconds time{30};
  std::vector<std::function<void(Host&)>> errands;
};

class Words {
 public:
  explicit Words(std::vector<std::string> words) : words_(std::move(words)) {}
  [[nodiscard]] bool are_left() const { return next_ < words_.size(); }
  std::string next() {
    if (!are_left()) throw Failure("an option lacks its value\n" + std::string(usage));
    return words_[next_++];
  }

 private:
  std::vector<std::string> words_;
  std::size_t next_ = 0;
};

u8_t kinds_of(const std::string& auth) {
  if (auth == "pap") return PPPAUTHTYPE_PAP;
  if (auth == "chap") return PPPAUTHTYPE_CHAP;
  if (auth == "none") return PPPAUTHTYPE_NONE;
  throw Failure("no login of this kind: " + auth);
}

/// False where `option` is none of an errand.
bool take_errand(const std::string& option, Words& words, std::string& output,
                 std::vector<std::function<void(Host&)>>& errands) {
  if (option == "--output") {
    output = words.next();
    return true;
  }
  if (option != "--ping" && option != "--resolve" && option != "--get" && option != "--udp-echo")
    return false;
  const auto where = words.next();
  if (option == "--ping") errands.emplace_back([=](Host& host) { ping(host, where); });
  if (option == "--resolve") errands.emplace_back([=](Host& host) { resolve(host, where); });
  if (option == "--get") errands.emplace_back([=](Host& host) { get(host, where, output); });
  if (option != "--udp-echo") return true;
  const auto text = words.next();
  errands.emplace_back([=](Host& host) { echo_by_udp(host, where, text); });
  return true;
}

Options options_of(Words words) {
  Options options;
  std::string output;
  while (words.are_left()) {
    const auto option = words.next();
    if (take_errand(option, words, output, options.errands)) continue;
    if (option == "--port") {
      options.port = words.next();
    } else if (option == "--mux") {
      options.mux = true;
    } else if (option == "--user") {
      options.login.user = words.next();
    } else if (option == "--password") {
      options.login.password = words.next();
    } else if (option == "--auth") {
      options.login.kinds = kinds_of(words.next());
    } else if (option == "--seconds") {
      options.time = std::chrono::seconds(std::atoi(words.next().c_str()));
    } else {
      throw Failure("no such option: " + option + '\n' + usage);
    }
  }
  if (options.port.empty()) throw Failure(usage);
  return options;
}

void tell_addresses() {
  tell(std::string("address ") + ::ip4addr_ntoa(netif_ip4_addr(netif_default)));
  for (u8_t i = 0; i < DNS_MAX_SERVERS; ++i)
    if (const auto* server = ::dns_getserver(i); !ip_addr_isany(server))
      tell(std::string("dns ") + ::ipaddr_ntoa(server));
}

void ask_beside_the_call(Host& host) {
  host.command(2, "AT", "\r\nOK\r\n");
  tell("at on dlci 2 ok");
}

void use_link(Host& host, const Options& options) {
  tell_addresses();
  if (options.mux) ask_beside_the_call(host);
  for (const auto& errand : options.errands) errand(host);
  if (options.mux) ask_beside_the_call(host);
}

/// Does `work`, and then `end` even if it fails; what fails first is told.
void with_end(const std::function<void()>& work, const std::function<void()>& end) {
  std::optional<Failure> failure;
  try {
    work();
  } catch (const Failure& caught) {
    failure = caught;
  }
  try {
    end();
  } catch (const Failure&) {
    if (!failure) throw;
  }
  if (failure) throw *failure;
}

void call(Host& host, const Options& options) {
  host.dial(options.mux ? 1 : 0, options.login);
  with_end([&] { use_link(host, options); },
           [&] {
             if (!host.is_up()) return;
             host.hang_up();
             tell("no carrier");
           });
}

void call_in_mux(Host& host, const Options& options) {
  host.begin_mux();
  with_end(
      [&] {
        host.find_modem(2);
        host.find_modem(1);
        call(host, options);
      },
      [&] {
        host.end_mux();
        tell("mux closed");
      });
}

void run(const Options& options) {
  ::lwip_init();
  Host host(options.port, options.time);
  host.find_modem(0);
  options.mux ? call_in_mux(host, options) : call(host, options);
}

}  // namespace

u32_t sys_now() {
  using namespace std::chrono;
  return static_cast<u32_t>(
      duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count());
}

u32_t sys_jiffies() { return sys_now(); }

int main(int count, char** words) try {
  ::srandom(static_cast<unsigned>(::getpid()));
  run(options_of(Words({words + 1, words + count})));
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "lwip_host: %s\n", failure.what());
  return 1;
}
