#include "emulator/processes/demo_broker.hpp"

#include "emulator/stores/whole_file.hpp"
#include "pty/device_link.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/core.h>
#include <spdlog/spdlog.h>
#include <stdlib.h>

namespace emulator {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr const char* other_places = "/usr/sbin:/usr/local/sbin";

}  // namespace

DemoBroker::DemoBroker(boost::asio::io_context& io, Settings settings)
    : io_(io), settings_(std::move(settings)), process_(io), timer_(io), probe_(io), held_(io) {}

void DemoBroker::start(Done done) {
  stop();
  life_ = std::make_shared<char>();
  done_ = std::move(done);
  tries_ = 0;
  boost::asio::post(io_, [this, life = std::weak_ptr(life_)] {
    if (!life.expired()) begin();
  });
}

std::optional<std::string> DemoBroker::find(const std::string& program) {
  return program == "auto" ? find_program("mosquitto", other_places) : find_program(program);
}

void DemoBroker::begin() {
  if (settings_.program == "off") return finish({});
  const bool automatic = settings_.program == "auto";
  const auto program = find(settings_.program);
  if (!program) {
    return finish(
        {0, automatic
                ? "no mosquitto found for the demo broker: apt install mosquitto, or "
                  "--demo-broker off"
                : fmt::format("cannot run '{}': not found, or not executable", settings_.program)});
  }
  program_ = *program;
  std::string pattern =
      pty::first_writable({std::getenv("TMPDIR"), "/tmp", "/dev/shm"}) + "/eg91xq-broker-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) {
    const std::error_code why(errno, std::generic_category());
    return finish({0, fmt::format("cannot make a directory for it: {}; set TMPDIR to a directory "
                                  "that can be written",
                                  why.message())});
  }
  directory_ = pattern;
  try_port();
}

void DemoBroker::try_port() {
  ++tries_;
  auto error = hold_port();
  if (!error) error = write_configuration();
  if (!error) {
    const Program program{
        {program_, "-c", directory_ / "mosquitto.conf"}, {}, settings_.log.value_or("/dev/null")};
    error = process_.start(program, [this](int code) { exited(code); });
  }
  if (error) return finish({0, *error});
  deadline_ = std::chrono::steady_clock::now() + ready_limit;
  probe();
}

std::optional<std::string> DemoBroker::hold_port() {
  error_code error;
  held_.close(error);
  held_.open(tcp::v4(), error);
  if (!error) held_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) held_.bind({boost::asio::ip::address_v4::loopback(), 0}, error);
  const auto endpoint = error ? tcp::endpoint() : held_.local_endpoint(error);
  if (error) return fmt::format("cannot hold a port for it: {}", error.message());
  port_ = endpoint.port();
  return std::nullopt;
}

std::optional<std::string> DemoBroker::write_configuration() {
  const std::filesystem::path path = directory_ / "mosquitto.conf";
  auto text = fmt::format(
      "listener {} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\npersistence false\n"
      "log_dest {}\n",
      port_, settings_.log ? "stderr" : "none");
  if (settings_.log) text += "log_type all\n";
  // Started as root it would become another user, who cannot enter the directory.
  if (::geteuid() == 0) text += "user root\n";
  const auto wrong = write_whole_file(path, text);
  if (!wrong) return std::nullopt;
  return fmt::format("cannot write {}: {}", path.string(), *wrong);
}

void DemoBroker::probe() {
  error_code ignored;
  probe_.close(ignored);
  probe_.async_connect({boost::asio::ip::address_v4::loopback(), port_},
                       [this, life = std::weak_ptr(life_)](error_code error) {
                         if (!life.expired()) probed(error);
                       });
}

void DemoBroker::probed(error_code error) {
  // Where the broker ended meanwhile, exited() decides what happens.
  if (error == boost::asio::error::operation_aborted || !done_ || !process_.running()) return;
  error_code ignored;
  probe_.close(ignored);
  if (!error) return finish({port_, {}});
  if (std::chrono::steady_clock::now() >= deadline_) {
    return finish({0, fmt::format("{} cannot be reached on port {}; eg91xq doctor may tell why",
                                  program_, port_)});
  }
  timer_.expires_after(ready_poll);
  timer_.async_wait([this, life = std::weak_ptr(life_)](error_code cancelled) {
    if (!cancelled && !life.expired()) probe();
  });
}

void DemoBroker::exited(int code) {
  if (!done_) {
    spdlog::warn("demo broker: mosquitto ended by itself with code {}", code);
    if (const auto died = std::exchange(died_, {})) died();
    return;
  }
  if (tries_ < port_tries) return try_port();
  finish({0, fmt::format("{} ends at once with code {}", program_, code)});
}

void DemoBroker::finish(const Result& result) {
  const Done done = std::exchange(done_, {});
  if (!result.error.empty()) stop();
  if (done) done(result);
}

void DemoBroker::stop() {
  life_.reset();
  done_ = {};
  timer_.cancel();
  error_code ignored;
  probe_.close(ignored);
  process_.end(stop_grace);
  held_.close(ignored);
  std::error_code also_ignored;
  if (!directory_.empty()) std::filesystem::remove_all(directory_, also_ignored);
  directory_.clear();
}

}  // namespace emulator
