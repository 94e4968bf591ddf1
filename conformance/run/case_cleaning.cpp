// Where a case begins and what it leaves: the port opened, the unit answering, clients closed,
// settings as from the factory.
#include "conformance/run/case_player.hpp"
#include "conformance/run/said.hpp"
#include "conformance/transcript/escape.hpp"

#include <array>

#include <fmt/format.h>

namespace conformance {

using transcript::escaped;
using namespace std::chrono_literals;

namespace {

struct Default {
  std::string_view key;
  std::string_view values;
};

/// note 3.3.1: the underlined values.
constexpr std::array<Default, 16> defaults{{{"version", "3"},
                                            {"pdpcid", "1"},
                                            {"ssl", "0"},
                                            {"keepalive", "120"},
                                            {"session", "1"},
                                            {"timeout", "5,3,0"},
                                            {"will", "0"},
                                            {"willex", "0"},
                                            {"recv/mode", "0,0"},
                                            {"qmtping", "5"},
                                            {"send/mode", "0"},
                                            {"aliauth", "\"\",\"\",\"\""},
                                            {"onenet", "\"\",\"\""},
                                            {"dataformat", "0,0"},
                                            {"view/mode", "0"},
                                            {"edit/timeout", "0"}}};

constexpr int client_count = 6;
constexpr int socket_count = 12;
constexpr std::size_t longest_payload = 1500;
constexpr auto silence = 60ms;

std::string lower(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool says_ok(const std::string& answer) { return answer.find("\r\nOK\r\n") != std::string::npos; }

}  // namespace

void CasePlayer::open() {
  unit_.reset();
  unit_ = std::make_unique<Unit>(s_.loop, s_.port);
  set_aside();
  unit_->on_bytes = [this](std::string_view bytes) {
    constexpr std::size_t shown = 2000;
    note(Speaker::unit, escaped(bytes.substr(0, shown)) + (bytes.size() > shown ? "..." : ""));
  };
  unit_->on_aside = [this](std::string_view line) {
    note(Speaker::suite, fmt::format("set aside: {}", line));
  };
}

void CasePlayer::set_aside() {
  unit_->aside = {"RDY",     "+CFUN:", "+CPIN:", "+QUSIM:", "+QIND:", "+CREG:", "+CGREG:",
                  "+CEREG:", "+CGEV:", "+CTZV:", "+CTZE:",  "+QIURC", "+CMTI:", "+QSIMSTAT"};
  unit_->aside.insert(unit_->aside.end(), s_.profile.aside.begin(), s_.profile.aside.end());
}

void CasePlayer::begin() {
  open();
  // A unit that was switched on by the opening of its port needs a while.
  constexpr auto boot = 40s;
  // A host that is gone may have left it in the multiplexer.
  if (s_.profile.claims_that("cmux", "yes") && !answers(1s)) leave_multiplexer();
  if (!answers(scaled(boot))) throw PortGone("the unit does not answer AT");
  command("ATE0", scaled(1000ms));
  for (const auto& line : s_.profile.setup)
    if (!says_ok(command(line, scaled(150s))))
      throw PortGone("the unit refuses the profile's setup: " + line);
  clean_up();
}

/// Asks until there is one OK and then silence.
bool CasePlayer::answers(Clock::duration limit) {
  const auto deadline = Clock::now() + limit;
  while (Clock::now() < deadline) {
    unit_->write("AT\r");
    const bool ok = s_.loop.wait(1s, [&] { return says_ok(unit_->unread()) || unit_->gone(); });
    if (unit_->gone()) throw PortGone("the port is gone");
    if (!ok) continue;
    for (auto size = unit_->unread().size();; size = unit_->unread().size()) {
      s_.loop.sleep_until(Clock::now() + silence);
      if (unit_->unread().size() == size) break;
    }
    unit_->take_all();
    return true;
  }
  return false;
}

/// The answer up to its final result code, or what came in time. `judged`: a case stands on it.
std::string CasePlayer::command(const std::string& line, Clock::duration limit, bool judged) {
  unit_->take_all();
  note(Speaker::host, escaped(line) + "\\r");
  unit_->write(line + "\r");
  const auto name = command_name(line);
  const Wait wait{"answer of " + (name.empty() ? "a basic command" : name), limit, limit, judged};
  const bool answered = came(wait, [&] {
    const auto& unread = unit_->unread();
    return says_ok(unread) || unread.find("ERROR") != std::string::npos || unit_->gone();
  });
  if (unit_->gone()) throw PortGone("the port is gone");
  if (!answered) patience_.missed(wait);
  return unit_->take_all();
}

std::string CasePlayer::identity() {
  std::string text;
  for (const char c : command("ATI", scaled(1000ms)))
    if (c == '\n' && !text.empty() && text.back() != ' ')
      text += ' ';
    else if (c != '\r' && c != '\n')
      text += c;
  const auto ok = text.rfind("OK");
  return text.substr(0, ok == std::string::npos ? 0 : ok);
}

void CasePlayer::clean_up() {
  line_ = 0;
  note(Speaker::suite, "clean-up");
  s_.bench.broker().clear();
  s_.bench.far_end().clear();
  unit_->take_all();
  const bool multiplexed = std::exchange(multiplexed_, false);
  if (multiplexed) leave_multiplexer();
  if (!answers(1s)) {
    // Perhaps it waits for the rest of a payload, or of a frame.
    unit_->write(std::string(longest_payload, '\r') + "\x1a");
    if (multiplexed) leave_multiplexer();
    if (!answers(scaled(5000ms))) throw PortGone("the unit does not answer AT any more");
  }
  command("ATE0", scaled(1000ms));
  close_clients();
  close_sockets();
  restore_settings();
  for (const auto& line : finally_)
    command(
        transcript::expanded(line, [this](const auto& name) { return s_.bench.variable(name); }),
        scaled(1000ms));
  finally_.clear();
  unit_->take_all();
}

void CasePlayer::close_clients() {
  for (int index = 0; index < client_count; ++index) {
    const auto answer = command(fmt::format("AT+QMTCLOSE={}", index), scaled(1000ms));
    const auto urc = fmt::format("+QMTCLOSE: {},", index);
    if (!says_ok(answer) || answer.find(urc) != std::string::npos) continue;
    const Wait wait{"result of +QMTCLOSE", scaled(30s), scaled(30s), false};
    if (!came(wait,
              [&] { return unit_->unread().find(urc) != std::string::npos || unit_->gone(); }))
      patience_.missed(wait);
  }
}

void CasePlayer::close_sockets() {
  if (!std::exchange(opened_sockets_, false)) return;
  for (int id = 0; id < socket_count; ++id)
    command(fmt::format("AT+QICLOSE={},0", id), scaled(10s));
}

void CasePlayer::restore_settings() {
  const auto touched = std::exchange(touched_, {});
  for (const auto& setting : touched)
    for (const auto& each : defaults)
      if (lower(setting).rfind(fmt::format("\"{}\",", each.key), 0) == 0)
        command(fmt::format("AT+QMTCFG={},{}", setting, each.values), scaled(1000ms));
}

void CasePlayer::reset(const transcript::Step& step) {
  if (!says_ok(command("AT+CFUN=1,1", scaled(15s), true)))
    throw transcript::Failure(step, "no reset");
  await_boot();
}

void CasePlayer::await_boot() {
  constexpr auto boot = 60s;
  // The old life may still answer for a moment.
  s_.loop.sleep_until(Clock::now() + silence);
  if (!answers(scaled(boot))) throw PortGone("the unit does not come back from a reset");
  command("ATE0", scaled(1000ms));
  reference_ = Clock::now();
}

}  // namespace conformance
