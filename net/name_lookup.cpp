#include "net/name_lookup.hpp"

#include <atomic>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace net {
namespace {

using boost::asio::ip::tcp;

std::atomic<int> under_way{0};

NameLookup::Endpoints look_up(const std::string& host, std::uint16_t port,
                              boost::system::error_code& error) {
  boost::asio::io_context unused;
  const auto found = tcp::resolver(unused).resolve(host, fmt::format("{}", port),
                                                   tcp::resolver::numeric_service, error);
  if (error) return {};
  return {found.begin(), found.end()};
}

}  // namespace

NameLookup::NameLookup(boost::asio::io_context& io) { gate_->io = &io; }

NameLookup::~NameLookup() {
  const std::lock_guard lock(gate_->mutex);
  gate_->io = nullptr;
}

void NameLookup::start(std::string host, std::uint16_t port, Found found) {
  const auto answer = [gate = gate_, found = std::move(found)](boost::system::error_code error,
                                                               Endpoints endpoints) {
    const std::lock_guard lock(gate->mutex);
    if (gate->io == nullptr) return;
    boost::asio::post(*gate->io, [gate, found, error, endpoints = std::move(endpoints)] {
      if (gate->io != nullptr) found(error, endpoints);
    });
  };
  if (under_way >= max_under_way) return answer(boost::asio::error::try_again, {});
  try {
    ++under_way;
    std::thread([answer, host = std::move(host), port] {
      boost::system::error_code error;
      auto endpoints = look_up(host, port, error);
      --under_way;
      answer(error, std::move(endpoints));
    }).detach();
  } catch (const std::system_error&) {
    --under_way;
    answer(boost::asio::error::no_memory, {});
  }
}

}  // namespace net
