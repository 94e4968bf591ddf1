#include "net/resolver.hpp"

#include "at_engine/text.hpp"

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

constexpr std::uint16_t dns_port = 53;

Resolver::Endpoints system_lookup(const std::string& host, std::uint16_t port, error_code& error) {
  boost::asio::io_context unused;
  const auto found = tcp::resolver(unused).resolve(host, fmt::format("{}", port),
                                                   tcp::resolver::numeric_service, error);
  if (error) return {};
  return {found.begin(), found.end()};
}

}  // namespace

// What a thread may outlive us with. Who waits for it stays with us: a thread never has the last
// hold of what belongs to the io thread.
struct Resolver::Gate {
  std::mutex mutex;
  boost::asio::io_context* io = nullptr;
  std::atomic<int> under_way{0};
};

Resolver::Resolver(boost::asio::io_context& io, Lookup lookup)
    : lookup_(lookup ? std::move(lookup) : Lookup(system_lookup)), gate_(std::make_shared<Gate>()) {
  gate_->io = &io;
}

Resolver::~Resolver() {
  const std::lock_guard lock(gate_->mutex);
  gate_->io = nullptr;
}

void Resolver::start(const Place& asked, Found found) {
  // Nobody is asked who would have to be held.
  static_cast<void>(start(asked, {}, std::move(found)));
}

std::unique_ptr<DnsQuestion> Resolver::start(const Place& asked, const Dns& dns, Found found) {
  auto answer = reply(std::move(found));
  const auto place = rules_.apply(asked);
  const auto port = place.port.value_or(std::uint16_t{0});
  error_code no_address;
  const auto address = boost::asio::ip::make_address(place.host, no_address);
  if (!no_address) {
    answer({}, {{{address, port}}});
  } else if (crowded()) {
    answer(boost::asio::error::try_again, {});
  } else if (!dns.servers.empty() && at::lower(place.host) == at::lower(asked.host)) {
    return ask_servers(place.host, port, dns, std::move(answer));
  } else if (auto known = egress_.instead_of_system(place.host, port)) {
    answer({}, {*std::move(known)});
  } else {
    ask_system(place.host, port, std::move(answer));
  }
  return nullptr;
}

Resolver::Reply Resolver::reply(Found found) const {
  return [gate = gate_, found = std::move(found)](error_code error, Answer told) {
    if (!error && told.endpoints.empty()) error = boost::asio::error::host_not_found;
    const std::lock_guard lock(gate->mutex);
    if (gate->io == nullptr) return;
    boost::asio::post(*gate->io, [gate, found, error, told = std::move(told)] {
      if (gate->io != nullptr) found(error, told);
    });
  };
}

bool Resolver::crowded() {
  if (gate_->under_way < max_under_way) return crowded_ = false;
  ++turned_away_;
  if (!std::exchange(crowded_, true))
    spdlog::warn("more than {} names are looked up at a time; others fail", max_under_way);
  return true;
}

void Resolver::ask_system(const std::string& host, std::uint16_t port, Reply reply) {
  ++gate_->under_way;
  const auto number = ++asked_;
  waiting_.emplace(number, std::move(reply));
  try {
    std::thread([this, number, gate = gate_, lookup = lookup_, host, port] {
      error_code error;
      auto endpoints = lookup(host, port, error);
      --gate->under_way;
      const std::lock_guard lock(gate->mutex);
      if (gate->io == nullptr) return;
      boost::asio::post(*gate->io, [this, number, gate, error, found = std::move(endpoints)] {
        if (gate->io != nullptr) answered(number, error, found);
      });
    }).detach();
  } catch (const std::system_error&) {
    --gate_->under_way;
    answered(number, boost::asio::error::no_memory, {});
  }
}

void Resolver::answered(std::uint64_t number, error_code error, const Endpoints& endpoints) {
  const auto reply = waiting_.extract(number);
  reply.mapped()(error, {endpoints});
}

std::unique_ptr<DnsQuestion> Resolver::ask_servers(const std::string& host, std::uint16_t port,
                                                   const Dns& dns, Reply reply) {
  std::vector<boost::asio::ip::udp::endpoint> servers;
  for (const auto& server : dns.servers) {
    const auto place = rules_.apply({server, dns_port});
    error_code no_address;
    const auto address = boost::asio::ip::make_address(place.host, no_address);
    if (no_address || address.is_unspecified() || servers.size() == max_name_servers) continue;
    if (!egress_.admits(address)) continue;
    servers.emplace_back(address, place.port.value_or(dns_port));
  }
  if (servers.empty() || !is_dns_name(host)) {
    reply(boost::asio::error::host_not_found, {});
    return nullptr;
  }
  ++gate_->under_way;
  // Goes with the question, answered or not.
  const std::shared_ptr<void> place(nullptr, [gate = gate_](void*) { --gate->under_way; });
  return std::make_unique<DnsQuestion>(
      *gate_->io, servers, host, dns.families, patience_,
      [reply = std::move(reply), port, place](error_code error, const DnsQuestion::Answer& told) {
        Answer answer{{}, told.ttl};
        for (const auto& address : told.addresses) answer.endpoints.emplace_back(address, port);
        reply(error, std::move(answer));
      });
}

}  // namespace net
