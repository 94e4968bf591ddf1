#include "emulator/control/http_server.hpp"
#include "emulator/control/route_table.hpp"
#include "emulator/descriptor_limit.hpp"
#include "emulator/doctor/check.hpp"
#include "emulator/processes/demo_broker.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

namespace emulator::doctor {
namespace {

using boost::asio::ip::tcp;
using Verdict = Finding::Verdict;
namespace fs = std::filesystem;

std::string reason() { return std::generic_category().message(errno); }

/// Why nothing can be made in a directory, found out by making something; nothing when it can.
std::optional<std::string> unwritable(const fs::path& directory) {
  auto pattern = (directory / "eg91xq-doctor-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return reason();
  ::rmdir(pattern.c_str());
  return std::nullopt;
}

/// A loopback that is down can be listened on, and not reached.
boost::system::error_code try_loopback() {
  boost::asio::io_context io;
  boost::system::error_code error;
  tcp::acceptor acceptor(io);
  acceptor.open(tcp::v4(), error);
  if (!error) acceptor.bind({boost::asio::ip::address_v4::loopback(), 0}, error);
  if (!error) acceptor.listen(1, error);
  if (error) return error;
  tcp::socket socket(io);
  socket.open(tcp::v4(), error);
  if (!error) socket.non_blocking(true, error);
  if (!error) socket.connect(acceptor.local_endpoint(), error);
  return error == boost::asio::error::in_progress ? boost::system::error_code() : error;
}

}  // namespace

void check_broker(const Options& options, Findings& findings) {
  if (options.demo_broker == "off") return;
  boost::asio::io_context io;
  DemoBroker broker(io, {options.demo_broker, {}});
  std::optional<std::string> wrong;
  broker.start([&](const DemoBroker::Result& result) {
    wrong = result.error;
    io.stop();
  });
  io.run();
  broker.stop();
  if (wrong && !wrong->empty())
    findings.push_back({Verdict::fix, fmt::format("demo broker: {}", *wrong)});
  else
    findings.push_back({Verdict::good, "demo broker: mosquitto starts"});
}

void check_network(const Options& options, Findings& findings) {
  if (const auto error = try_loopback()) {
    findings.push_back(
        {Verdict::fix, fmt::format("loopback: {}; MQTT needs 127.0.0.1, in a network "
                                   "namespace: ip link set lo up",
                                   error.message())});
    return;
  }
  findings.push_back({Verdict::good, "loopback: 127.0.0.1 can be reached"});
  if (!options.control) return;
  boost::asio::io_context io;
  const control::RouteTable nothing;
  control::HttpServer server(io, nothing, options.control_token);
  if (const auto wrong = server.start(*options.control))
    findings.push_back({Verdict::fix, *wrong});
  else
    findings.push_back({Verdict::good, fmt::format("--control: {} is free", server.address())});
}

void check_descriptors(const Options& options, Findings& findings) {
  const auto wanted =
      descriptors_of_the_program + descriptors_of_a_modem * static_cast<std::size_t>(options.count);
  const auto most = raise_descriptor_limit();
  if (most < wanted)
    findings.push_back({Verdict::fix, fmt::format("descriptors: {} are allowed, {} may be needed; "
                                                  "ulimit -Hn {}, or LimitNOFILE= of systemd",
                                                  most, wanted, wanted)});
  else
    findings.push_back({Verdict::good, fmt::format("descriptors: {} are allowed", most)});
}

void check_places(const Options& options, Findings& findings) {
  if (options.state_dir) {
    // It is made when it is not there: what counts then is the first directory that is.
    std::error_code ignored;
    auto place = fs::absolute(*options.state_dir, ignored);
    while (place.has_relative_path() && !fs::exists(place, ignored)) place = place.parent_path();
    if (const auto wrong = unwritable(place))
      findings.push_back({Verdict::fix, fmt::format("--state-dir: nothing can be written to {}: {}",
                                                    place.string(), *wrong)});
  }
  for (const auto& file : {options.ready_file, options.trace, options.capture, options.journal,
                           options.lint, options.tls_keylog}) {
    if (!file) continue;
    std::error_code ignored;
    const auto directory = fs::absolute(*file, ignored).parent_path();
    if (const auto wrong = unwritable(directory))
      findings.push_back({Verdict::fix, fmt::format("{}: nothing can be written to {}: {}", *file,
                                                    directory.string(), *wrong)});
  }
}

void check_ppp(Findings& findings) {
#ifdef EG91XQ_SLIRP
  findings.push_back({Verdict::good, "data calls: libslirp stands behind PPP"});
#else
  findings.push_back({Verdict::note,
                      "data calls: nothing is behind PPP, as libslirp was not there "
                      "when this program was built"});
#endif
  if (::access("/dev/ppp", R_OK | W_OK) != 0)
    findings.push_back(
        {Verdict::note,
         errno == ENOENT ? "data calls: no /dev/ppp; a pppd on this machine needs it (as root: "
                           "modprobe ppp_generic), a modem does not"
                         : "data calls: /dev/ppp is root's; so a pppd on this machine has to be, "
                           "a modem has not"});
}

}  // namespace emulator::doctor
