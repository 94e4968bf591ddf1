#include "emulator/doctor/check.hpp"
#include "emulator/fleet_options.hpp"
#include "pty/open_port.hpp"
#include "pty/port_spec.hpp"
#include "pty/serial_port.hpp"

#include <fstream>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

namespace emulator::doctor {
namespace {

using Verdict = Finding::Verdict;

long number_in(const char* file) {
  std::ifstream in(file);
  long number = 0;
  return in >> number ? number : -1;
}

void count_terminals(long wanted, Findings& findings) {
  const long most = number_in("/proc/sys/kernel/pty/max");
  const long used = number_in("/proc/sys/kernel/pty/nr");
  if (most < 0 || used < 0) return;
  if (wanted > most - used)
    findings.push_back({Verdict::fix, fmt::format("pseudo-terminals: {} are free, {} are needed; "
                                                  "sudo sysctl kernel.pty.max={}",
                                                  most - used, wanted, wanted + used + 100)});
  else
    findings.push_back({Verdict::good, fmt::format("pseudo-terminals: {} are free", most - used)});
}

/// Opens it as the program would, and lets it go again. False: it cannot be opened.
bool try_port(const std::string& text, Findings& findings) {
  boost::asio::io_context io;
  auto opened = pty::open_port(io, text);
  if (const auto* wrong = std::get_if<pty::SpecError>(&opened)) {
    findings.push_back({Verdict::fix, fmt::format("port {}: {}", text, wrong->text)});
    return false;
  }
  std::get<std::unique_ptr<pty::HostPort>>(opened)->stop();
  return true;
}

/// A device that is opened may reset what is behind it, so it is only looked at.
void look_at_device(const pty::SerialSpec& spec, Findings& findings) {
  if (const auto wrong = pty::SerialPort::unusable(spec.device))
    findings.push_back({Verdict::fix, fmt::format("port serial:{}: {}", spec.device, *wrong)});
  else
    findings.push_back({Verdict::good, fmt::format("port serial:{}: may be opened", spec.device)});
}

}  // namespace

void check_ports(const Options& options, Findings& findings) {
  long terminals = 0;
  long others = 0;
  bool all_open = true;
  for (int modem = 0; modem < options.count; ++modem) {
    for (const auto& port : options_of(options, modem).ports) {
      const auto spec = pty::parse_port_spec(port);
      const auto* const known = std::get_if<pty::PortSpec>(&spec);
      if (const auto* serial = known ? std::get_if<pty::SerialSpec>(known) : nullptr) {
        look_at_device(*serial, findings);
        continue;
      }
      ++(known && std::holds_alternative<pty::PtySpec>(*known) ? terminals : others);
      // One that fails is enough of a fleet's.
      all_open = all_open && try_port(port, findings);
    }
  }
  if (terminals > 0) count_terminals(terminals, findings);
  if (others > 0 && all_open)
    findings.push_back({Verdict::good, fmt::format("ports: {} can be opened", others)});
}

}  // namespace emulator::doctor
