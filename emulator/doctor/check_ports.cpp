#include "emulator/doctor/check.hpp"
#include "emulator/fleet_options.hpp"
#include "pty/open_port.hpp"
#include "pty/port_spec.hpp"
#include "pty/serial_port.hpp"

#include <fstream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

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

/// `used`: before any was tried. `failed`: a port could not be opened, and it was said why.
void count_terminals(long wanted, long used, bool failed, Findings& findings) {
  const long most = number_in("/proc/sys/kernel/pty/max");
  if (most < 0 || used < 0) return;
  if (wanted > most - used)
    findings.push_back({Verdict::fix, fmt::format("pseudo-terminals: {} are free, {} are needed; "
                                                  "sudo sysctl kernel.pty.max={}",
                                                  most - used, wanted, wanted + used + 100)});
  else if (!failed)
    findings.push_back({Verdict::good, fmt::format("pseudo-terminals: {} are free", most - used)});
}

/// Ports that are opened as the program would, all at once, and let go again.
class Trial {
 public:
  Trial() = default;
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;
  ~Trial() {
    for (const auto& port : opened_) port->stop();
  }

  /// Why not, in one line.
  std::optional<std::string> open(const std::string& text) {
    auto opened = pty::open_port(io_, text);
    if (auto* wrong = std::get_if<pty::SpecError>(&opened)) return std::move(wrong->text);
    opened_.push_back(std::move(std::get<std::unique_ptr<pty::HostPort>>(opened)));
    return std::nullopt;
  }

 private:
  boost::asio::io_context io_;
  std::vector<std::unique_ptr<pty::HostPort>> opened_;
};

/// A device that is opened may reset what is behind it, so it is only looked at.
void look_at_device(const pty::SerialSpec& spec, Findings& findings) {
  if (const auto wrong = pty::SerialPort::unusable(spec.device))
    findings.push_back({Verdict::fix, fmt::format("port serial:{}: {}", spec.device, *wrong)});
  else
    findings.push_back({Verdict::good, fmt::format("port serial:{}: may be opened", spec.device)});
}

}  // namespace

void check_ports(const Options& options, Findings& findings) {
  const long used = number_in("/proc/sys/kernel/pty/nr");
  Trial trial;
  long terminals = 0;
  long others = 0;
  std::optional<std::string> wrong;
  for (int modem = 0; modem < options.count; ++modem) {
    for (const auto& port : options_of(options, modem).ports) {
      const auto spec = std::get<pty::PortSpec>(pty::parse_port_spec(port));
      if (const auto* serial = std::get_if<pty::SerialSpec>(&spec)) {
        look_at_device(*serial, findings);
        continue;
      }
      if (std::holds_alternative<pty::StdioSpec>(spec)) continue;
      ++(std::holds_alternative<pty::PtySpec>(spec) ? terminals : others);
      // One that fails is enough of a fleet's.
      if (wrong) continue;
      wrong = trial.open(port);
      if (wrong) findings.push_back({Verdict::fix, fmt::format("port {}: {}", port, *wrong)});
    }
  }
  if (terminals > 0) count_terminals(terminals, used, wrong.has_value(), findings);
  if (others > 0 && !wrong)
    findings.push_back({Verdict::good, fmt::format("ports: {} can be opened", others)});
}

}  // namespace emulator::doctor
