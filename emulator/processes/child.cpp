#include "emulator/processes/child.hpp"

#include "emulator/log.hpp"

#include <signal.h>

#include <utility>

#include <boost/asio/post.hpp>

namespace emulator {

Child::Child(boost::asio::io_context& io) : io_(io), process_(io), grace_(io) {}

void Child::start(std::vector<std::string> command, Environment environment,
                  const Process::Exited& exited) {
  const Program program{std::move(command), std::move(environment), std::nullopt};
  const auto error = process_.start(program, [this, exited](int code) {
    grace_.cancel();
    exited(code);
  });
  if (!error) return;
  complain(*error);
  boost::asio::post(io_, [exited] { exited(Process::not_found); });
}

void Child::stop(std::chrono::milliseconds grace) {
  if (!running()) return;
  process_.signal(SIGTERM);
  grace_.expires_after(grace);
  grace_.async_wait([this, life = std::weak_ptr(life_)](boost::system::error_code cancelled) {
    if (!cancelled && !life.expired()) process_.signal(SIGKILL);
  });
}

}  // namespace emulator
