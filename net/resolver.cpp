#include "net/resolver.hpp"

#include <atomic>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace net {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

Resolver::Endpoints ask_system(const std::string& host, std::uint16_t port, error_code& error) {
  boost::asio::io_context unused;
  const auto found = tcp::resolver(unused).resolve(host, fmt::format("{}", port),
                                                   tcp::resolver::numeric_service, error);
  if (error) return {};
  return {found.begin(), found.end()};
}

}  // namespace

// What a thread may outlive us with.
struct Resolver::Gate {
  std::mutex mutex;
  boost::asio::io_context* io = nullptr;
  std::atomic<int> under_way{0};
};

Resolver::Resolver(boost::asio::io_context& io, Lookup lookup)
    : lookup_(lookup ? std::move(lookup) : Lookup(ask_system)), gate_(std::make_shared<Gate>()) {
  gate_->io = &io;
}

Resolver::~Resolver() {
  const std::lock_guard lock(gate_->mutex);
  gate_->io = nullptr;
}

void Resolver::start(const Place& asked, Found found) {
  const auto answer = [gate = gate_, found = std::move(found)](error_code error,
                                                               Endpoints endpoints) {
    if (!error && endpoints.empty()) error = boost::asio::error::host_not_found;
    const std::lock_guard lock(gate->mutex);
    if (gate->io == nullptr) return;
    boost::asio::post(*gate->io, [gate, found, error, endpoints = std::move(endpoints)] {
      if (gate->io != nullptr) found(error, endpoints);
    });
  };
  const auto place = rules_.apply(asked);
  const auto port = place.port.value_or(std::uint16_t{0});
  error_code no_address;
  const auto address = boost::asio::ip::make_address(place.host, no_address);
  if (!no_address) return answer({}, {{address, port}});
  if (gate_->under_way >= max_under_way) {
    ++turned_away_;
    if (!std::exchange(crowded_, true))
      spdlog::warn("more than {} names are looked up at a time; others fail", max_under_way);
    return answer(boost::asio::error::try_again, {});
  }
  crowded_ = false;
  ++gate_->under_way;
  try {
    std::thread([answer, gate = gate_, lookup = lookup_, host = place.host, port] {
      error_code error;
      auto endpoints = lookup(host, port, error);
      --gate->under_way;
      answer(error, std::move(endpoints));
    }).detach();
  } catch (const std::system_error&) {
    --gate_->under_way;
    answer(boost::asio::error::no_memory, {});
  }
}

}  // namespace net
