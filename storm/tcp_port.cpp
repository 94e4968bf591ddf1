#include "storm/tcp_port.hpp"

#include <fmt/format.h>

namespace storm {
namespace {

using boost::asio::ip::tcp;

/// An address as it stands; a name is asked of the system, which keeps the loop waiting.
tcp::endpoint resolve(boost::asio::io_context& loop, const TcpPlace& place,
                      boost::system::error_code& error) {
  const auto address = boost::asio::ip::make_address(place.host, error);
  if (!error) return {address, place.port};
  tcp::resolver resolver(loop);
  const auto found = resolver.resolve(place.host, fmt::format("{}", place.port), error);
  return error || found.empty() ? tcp::endpoint() : found.begin()->endpoint();
}

}  // namespace

void TcpPort::open() {
  close();
  const auto failed = [this](const Error& error) {
    fail(fmt::format("cannot reach {}:{}: {}", place_.host, place_.port, error.message()));
  };
  Error error;
  const auto where = resolve(loop(), place_, error);
  if (!error) stream().open(where.protocol(), error);
  if (error) return failed(error);
  stream().async_connect(where, while_open([this, failed](Error refused) {
                           if (refused) return failed(refused);
                           Error ignored;
                           stream().set_option(tcp::no_delay(true), ignored);
                           stream().non_blocking(true, ignored);
                           succeed();
                         }));
}

}  // namespace storm
