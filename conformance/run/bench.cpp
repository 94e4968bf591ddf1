#include "conformance/run/bench.hpp"

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

namespace conformance {
namespace {

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// `size` bytes in which a lost or doubled piece shows.
std::string fill(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text += fmt::format("{}.", i);
  text.resize(size);
  return text;
}

/// `ca`, `client` and `key` as cases name them.
std::string file_named(const std::string& name) {
  if (name == "ca") return "ca.pem";
  if (name == "client") return "client.pem";
  if (name == "key") return "client.key";
  throw std::runtime_error("no such file: " + name);
}

bool starts_with(const std::string& text, const std::string& start) {
  return text.rfind(start, 0) == 0;
}

}  // namespace

std::string file_checksum(const std::string& content) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < content.size(); ++i)
    sum ^= static_cast<unsigned>(static_cast<unsigned char>(content[i])) << (i % 2 == 0 ? 8 : 0);
  return fmt::format("{:x}", sum);
}

Bench::Bench(Loop& loop, const Addresses& addresses) try
    : loop_(loop),
      addresses_(addresses),
      run_(fmt::format("{:x}", std::random_device{}() & 0xFFFFFF)),
      broker_(loop, addresses_.bind),
      far_end_(loop, addresses_.bind),
      refused_(loop, addresses_.bind),
      hole_(loop, addresses_.bind) {
} catch (const boost::system::system_error& error) {
  throw std::runtime_error(
      fmt::format("cannot listen at {}: {}", addresses.bind, error.code().message()));
}

void Bench::next_case() {
  same_case();
  ++case_number_;
}

void Bench::same_case() {
  broker_.clear();
  far_end_.clear();
  second_peer_.reset();
  if (peer_) peer_->messages.clear();
  n = 0;
}

std::string Bench::peer_host() const {
  if (addresses_.bind == "0.0.0.0") return "127.0.0.1";
  return before_port(addresses_.bind == "::" ? "::1" : addresses_.bind);
}

std::string Bench::url(std::uint16_t port) const {
  return fmt::format("http://{}:{}/page", before_port(addresses_.host), port);
}

std::string Bench::place(std::uint16_t port) const {
  constexpr unsigned byte = 256;
  auto text = address_of(addresses_.host);
  if (!is_ipv4_address(text))
    throw std::runtime_error("FTP data need an address of IPv4, not " + text);
  std::replace(text.begin(), text.end(), '.', ',');
  return fmt::format("{},{},{}", text, port / byte, port % byte);
}

Credentials& Bench::credentials() {
  if (!credentials_) credentials_ = std::make_unique<Credentials>(addresses_.host);
  return *credentials_;
}

Mosquitto& Bench::mosquitto() {
  if (!mosquitto_) {
    MosquittoSetup setup;
    setup.address = addresses_.bind;
    mosquitto_ = std::make_unique<Mosquitto>(setup);
  }
  return *mosquitto_;
}

Mosquitto& Bench::tls_mosquitto() {
  if (!tls_mosquitto_) {
    auto& files = credentials();
    MosquittoSetup setup;
    setup.address = addresses_.bind;
    setup.extra =
        fmt::format("cafile {}\ncertfile {}\nkeyfile {}\nrequire_certificate true\n",
                    files.path("ca.pem"), files.path("server.pem"), files.path("server.key"));
    tls_mosquitto_ = std::make_unique<Mosquitto>(setup);
  }
  return *tls_mosquitto_;
}

Peer& Bench::peer() {
  if (!peer_)
    peer_ = std::make_unique<Peer>(loop_, peer_host(), mosquitto().port(), "peer-" + run_);
  return *peer_;
}

void Bench::connect_peer(const std::string& client_id) {
  second_peer_.reset();
  second_peer_ = std::make_unique<Peer>(loop_, peer_host(), mosquitto().port(), client_id);
}

std::string Bench::file(const std::string& name) { return contents(credentials().path(name)); }

std::string Bench::variable(const std::string& name) {
  if (name == "host") return addresses_.host;
  if (name == "port") return std::to_string(broker_.port());
  if (name == "tcp_port") return std::to_string(far_end_.port());
  if (name == "refused_port") return std::to_string(refused_.port());
  if (name == "url_host") return before_port(addresses_.host);
  if (name == "url") return url(far_end_.port());
  if (name == "url_size") return std::to_string(url(far_end_.port()).size());
  if (name == "refused_url") return url(refused_.port());
  if (name == "refused_url_size") return std::to_string(url(refused_.port()).size());
  if (name == "place") return place(far_end_.port());
  if (name == "refused_place") return place(refused_.port());
  if (name == "hole_port") return std::to_string(hole_.port());
  if (name == "mosquitto_port") return std::to_string(mosquitto().port());
  if (name == "tls_port") return std::to_string(tls_mosquitto().port());
  if (name == "nohost") return fmt::format("no-such-host-{}.invalid", run_);
  if (name == "run") return run_;
  if (name == "topic") return fmt::format("eg91xq/{}/{}", run_, case_number_);
  if (name == "id") return fmt::format("eg91xq-{}-{}", run_, case_number_);
  if (name == "any") return {wildcard};
  if (name == "n") return std::to_string(n);
  if (starts_with(name, "fill_")) return fill(std::stoul(name.substr(5)));
  if (starts_with(name, "size_")) return std::to_string(file(file_named(name.substr(5))).size());
  if (starts_with(name, "sum_")) return file_checksum(file(file_named(name.substr(4))));
  throw std::runtime_error("no such variable: $" + name);
}

}  // namespace conformance
