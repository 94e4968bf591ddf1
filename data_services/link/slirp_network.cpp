#include "data_services/link/slirp_network.hpp"

#include "data_services/link/ethernet.hpp"
#include "data_services/link/name_server.hpp"
#include "data_services/link/named_hosts.hpp"
#include "data_services/link/poll_set.hpp"
#include "data_services/ppp/flow_limit.hpp"
#include "data_services/ppp/translation.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <slirp/libslirp.h>
#include <spdlog/spdlog.h>

namespace data_services {

using boost::system::error_code;
using ppp::Address;
using ppp::Endpoint;

namespace {

constexpr Address net_mask = 0xFFFFFF00;
constexpr Address loopback = 0x7F000001;
constexpr std::uint16_t dns_port = 53;

in_addr network_order(Address address) { return {htonl(address)}; }

/// What else there is in the virtual net: libslirp wants a name server of its own, which nobody
/// asks.
Address spare_number(const ppp::Attachment& attachment) {
  Address number = 3;
  while (((attachment.address & net_mask) | number) == attachment.address) ++number;
  return (attachment.address & net_mask) | number;
}

int poll_events_of(int slirp_events) {
  unsigned events = 0;
  if ((slirp_events & SLIRP_POLL_IN) != 0) events |= POLLIN;
  if ((slirp_events & SLIRP_POLL_OUT) != 0) events |= POLLOUT;
  if ((slirp_events & SLIRP_POLL_PRI) != 0) events |= POLLPRI;
  if ((slirp_events & SLIRP_POLL_ERR) != 0) events |= POLLERR;
  if ((slirp_events & SLIRP_POLL_HUP) != 0) events |= POLLHUP;
  return static_cast<int>(events);
}

/// An error waits for what came before it: libslirp would end the host's side at once, and the
/// bytes that it has not read yet would come behind that end.
int slirp_of(unsigned poll_events) {
  if ((poll_events & POLLIN) != 0) poll_events &= ~static_cast<unsigned>(POLLERR);
  int events = 0;
  if ((poll_events & POLLIN) != 0) events |= SLIRP_POLL_IN;
  if ((poll_events & POLLOUT) != 0) events |= SLIRP_POLL_OUT;
  if ((poll_events & POLLPRI) != 0) events |= SLIRP_POLL_PRI;
  if ((poll_events & POLLERR) != 0) events |= SLIRP_POLL_ERR;
  if ((poll_events & POLLHUP) != 0) events |= SLIRP_POLL_HUP;
  return events;
}

}  // namespace

/// May be let go from inside of what it calls: then it ends with that call.
class SlirpNetwork : public std::enable_shared_from_this<SlirpNetwork> {
 public:
  SlirpNetwork(boost::asio::io_context& io, const SlirpNetworks::Options& options,
               SlirpNetworks::Deliver deliver, const ppp::Attachment& attachment,
               std::function<void(std::string_view)> arrived)
      : io_(io),
        options_(options),
        deliver_(std::move(deliver)),
        attachment_(attachment),
        arrived_(std::move(arrived)),
        names_(attachment.address, attachment.alias, options_.resolver->rules()),
        name_server_(io,
                     [this](const std::string& name, ppp::DnsAnswers::Resolved done) {
                       resolve(name, std::move(done));
                     }),
        polled_(io),
        timer_(io) {}
  ~SlirpNetwork() {
    if (slirp_ != nullptr) ::slirp_cleanup(slirp_);
  }
  SlirpNetwork(const SlirpNetwork&) = delete;
  SlirpNetwork& operator=(const SlirpNetwork&) = delete;

  void start();
  /// Nothing arrives any more.
  void shut() { arrived_ = nullptr; }

  // As of a PacketNet.

  void send(std::string_view ipv4_packet);
  void pause(bool paused);
  [[nodiscard]] bool is_named(const Endpoint& endpoint) const;
  void resolve(const std::string& name, ppp::DnsAnswers::Resolved done);

 private:
  using Wait = std::chrono::milliseconds;
  /// libslirp may ask for no pause at all, over and over (IP-14).
  static constexpr Wait least_wait{1};

  [[nodiscard]] static const SlirpCb& callbacks();
  [[nodiscard]] bool is_for_name_server(const ppp::IpPacket& packet) const;
  [[nodiscard]] bool lead(std::string& packet);
  [[nodiscard]] std::optional<Address> address_of(const std::string& host);
  [[nodiscard]] bool admits(Address address) const;
  void closed(int descriptor);
  [[nodiscard]] bool has_room(const std::optional<ppp::IpPacket>& packet);
  void input(std::string_view packet);
  void output(std::string_view frame);
  void schedule();
  void prepare();
  void poll();

  boost::asio::io_context& io_;
  SlirpNetworks::Options options_;
  SlirpNetworks::Deliver deliver_;
  ppp::Attachment attachment_;
  std::function<void(std::string_view)> arrived_;
  NamedHosts names_;
  NameServer name_server_;
  ppp::Translation translation_;
  std::map<std::string, Address> found_;  // of names that rules lead to
  std::set<std::string> asked_;
  ppp::FlowLimit limit_;
  std::set<int> open_;  // sockets of this call
  bool is_told_of_limit_ = false;
  PollSet polled_;
  boost::asio::steady_timer timer_;
  std::string frame_;
  bool paused_ = false;
  bool scheduled_ = false;
  Slirp* slirp_ = nullptr;
};

void SlirpNetwork::start() {
  SlirpConfig config{};
  config.version = 4;
  config.in_enabled = true;
  config.vnetwork = network_order(attachment_.address & net_mask);
  config.vnetmask = network_order(net_mask);
  config.vhost = network_order(attachment_.alias);
  config.vdhcp_start = network_order(attachment_.address);
  config.vnameserver = network_order(spare_number(attachment_));
  config.if_mtu = config.if_mru = attachment_.mtu;
  config.disable_dns = config.disable_dhcp = true;
  slirp_ = ::slirp_new(&config, &callbacks(), this);
  if (slirp_ == nullptr) return spdlog::warn("PPP: there is no network behind it");
  const auto frame = ethernet::announcement(attachment_.address);
  ::slirp_input(slirp_, reinterpret_cast<const std::uint8_t*>(frame.data()),
                static_cast<int>(frame.size()));
  schedule();
}

const SlirpCb& SlirpNetwork::callbacks() {
  static const SlirpCb table = [] {
    SlirpCb cb{};
    cb.send_packet = [](const void* frame, std::size_t size, void* self) -> ssize_t {
      static_cast<SlirpNetwork*>(self)->output({static_cast<const char*>(frame), size});
      return static_cast<ssize_t>(size);
    };
    cb.guest_error = [](const char* what, void*) { spdlog::info("PPP: {}", what); };
    cb.clock_get_ns = [](void*) -> std::int64_t {
      return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
    };
    // Its timers are those of router advertisements, and IPv6 is off.
    cb.timer_new = [](SlirpTimerCb, void*, void* self) -> void* { return self; };
    cb.timer_free = [](void*, void*) {};
    cb.timer_mod = [](void*, std::int64_t, void*) {};
    cb.register_poll_fd = [](int descriptor, void* self) {
      static_cast<SlirpNetwork*>(self)->open_.insert(descriptor);
    };
    cb.unregister_poll_fd = [](int descriptor, void* self) {
      static_cast<SlirpNetwork*>(self)->closed(descriptor);
    };
    cb.notify = [](void* self) { static_cast<SlirpNetwork*>(self)->schedule(); };
    return cb;
  }();
  return table;
}

void SlirpNetwork::send(std::string_view ipv4_packet) {
  if (slirp_ == nullptr) return;
  const auto self = shared_from_this();
  options_.traffic->count_sent(attachment_.cid, ipv4_packet.size());
  options_.activity->stir();
  const auto packet = ppp::parse_ip(ipv4_packet);
  if (!has_room(packet)) return;
  const bool is_led = packet && (is_for_name_server(*packet) || names_.has(packet->destination));
  if (!is_led) return input(ipv4_packet);
  std::string led(ipv4_packet);
  if (lead(led)) input(led);
}

void SlirpNetwork::closed(int descriptor) {
  open_.erase(descriptor);
  polled_.forget(descriptor);
}

bool SlirpNetwork::has_room(const std::optional<ppp::IpPacket>& packet) {
  if (!packet || limit_.admits(*packet, open_.size())) return true;
  if (!std::exchange(is_told_of_limit_, true))
    spdlog::warn("PPP: {} connections of one call are open; what would begin another is lost",
                 ppp::FlowLimit::max_sockets);
  return false;
}

/// What is asked by UDP is answered before it gets here.
bool SlirpNetwork::is_for_name_server(const ppp::IpPacket& packet) const {
  const auto& servers = attachment_.dns;
  const auto tcp = ppp::parse_tcp(packet);
  return tcp && tcp->destination == dns_port &&
         std::find(servers.begin(), servers.end(), packet.destination) != servers.end();
}

/// To where the service of that name really is. False where that is not known, or not yet: hosts
/// send again.
bool SlirpNetwork::lead(std::string& packet) {
  const auto parsed = ppp::parse_ip(packet);
  if (is_for_name_server(*parsed)) {
    const auto own = name_server_.port();
    return own != 0 && translation_.lead(packet, {attachment_.alias, own});
  }
  std::uint16_t port = 0;
  if (const auto tcp = ppp::parse_tcp(*parsed)) port = tcp->destination;
  if (const auto udp = ppp::parse_udp(*parsed)) port = udp->destination;
  const auto place = names_.place_of({parsed->destination, port});
  if (port == 0 || !place) return false;
  const auto address = address_of(place->host);
  if (!address) return false;
  const auto real = *address == loopback ? attachment_.alias : *address;
  return translation_.lead(packet, {real, place->port.value_or(port)});
}

/// Whether the named service may be met at all (--internet): one that is still to be looked up may.
bool SlirpNetwork::is_named(const Endpoint& endpoint) const {
  const auto place = names_.place_of(endpoint);
  if (!place) return names_.has(endpoint.address);
  const auto address = ppp::parse_address(place->host);
  return !address || admits(*address);
}

bool SlirpNetwork::admits(Address address) const {
  return options_.resolver->egress().admits(boost::asio::ip::address_v4(address));
}

std::optional<Address> SlirpNetwork::address_of(const std::string& host) {
  if (const auto address = ppp::parse_address(host))
    return admits(*address) ? address : std::nullopt;
  if (const auto found = found_.find(host); found != found_.end()) return found->second;
  if (asked_.insert(host).second)
    options_.resolver->start({host, {}}, [this, host, life = weak_from_this()](
                                             error_code error,
                                             const net::Resolver::Answer& answer) {
      if (life.expired()) return;
      asked_.erase(host);
      for (const auto& endpoint : answer.endpoints)
        if (!error && endpoint.address().is_v4() && admits(endpoint.address().to_v4().to_uint()))
          found_.emplace(host, endpoint.address().to_v4().to_uint());
    });
  return std::nullopt;
}

void SlirpNetwork::input(std::string_view packet) {
  frame_ = ethernet::header(ethernet::ipv4);
  frame_ += packet;
  ::slirp_input(slirp_, reinterpret_cast<const std::uint8_t*>(frame_.data()),
                static_cast<int>(frame_.size()));
  schedule();
}

void SlirpNetwork::output(std::string_view frame) {
  constexpr std::string_view ipv4("\x08\x00", 2);
  if (!arrived_ || frame.size() <= ethernet::header_size || frame.substr(12, 2) != ipv4) return;
  const auto packet = frame.substr(ethernet::header_size);
  options_.traffic->count_received(attachment_.cid, packet.size());
  options_.activity->stir();
  const auto arrived = arrived_;
  if (translation_.flows() == 0) return arrived(packet);
  std::string led(packet);
  translation_.lead_back(led);
  arrived(led);
}

/// What waits in the sockets of this process stops their peers.
void SlirpNetwork::pause(bool paused) {
  if (std::exchange(paused_, paused) && !paused) schedule();
}

/// libslirp is asked what to wait for once all that happens now is done.
void SlirpNetwork::schedule() {
  if (slirp_ == nullptr || !arrived_ || std::exchange(scheduled_, true)) return;
  boost::asio::post(io_, [this, life = weak_from_this()] {
    if (const auto self = life.lock()) prepare();
  });
}

void SlirpNetwork::prepare() {
  scheduled_ = false;
  if (paused_) return;
  std::uint32_t wait = UINT32_MAX;
  polled_.begin();
  ::slirp_pollfds_fill(
      slirp_, &wait,
      [](int descriptor, int events, void* self) {
        return static_cast<SlirpNetwork*>(self)->polled_.add(
            descriptor, static_cast<unsigned>(poll_events_of(events)));
      },
      this);
  polled_.end();
  polled_.wait([this] { poll(); });
  if (wait == UINT32_MAX) return;
  timer_.expires_after(std::max(Wait(wait), least_wait));
  timer_.async_wait([this, life = weak_from_this()](error_code cancelled) {
    const auto self = life.lock();
    if (self && !cancelled) poll();
  });
}

void SlirpNetwork::poll() {
  if (paused_) return;
  const auto kept = shared_from_this();
  polled_.look();
  deliver_([this] {
    ::slirp_pollfds_poll(
        slirp_, 0,
        [](int number, void* self) {
          return slirp_of(static_cast<SlirpNetwork*>(self)->polled_.ready(number));
        },
        this);
  });
  if (arrived_) schedule();
}

void SlirpNetwork::resolve(const std::string& name, ppp::DnsAnswers::Resolved done) {
  using Status = ppp::DnsAnswers::Status;
  if (const auto address = names_.address_of(name)) return done({Status::found, {*address}});
  if (!options_.everywhere) return done({Status::no_such_name, {}});
  options_.resolver->start({name, {}}, [this, done = std::move(done), life = weak_from_this()](
                                           error_code error, const net::Resolver::Answer& answer) {
    if (life.expired()) return;
    ppp::DnsAnswers::Resolution resolution{error ? Status::no_such_name : Status::found, {}};
    for (const auto& endpoint : answer.endpoints)
      if (endpoint.address().is_v4())
        resolution.addresses.push_back(endpoint.address().to_v4().to_uint());
    deliver_([&] { done(resolution); });
  });
}

namespace {

class Handle : public ppp::PacketNet {
 public:
  explicit Handle(std::shared_ptr<SlirpNetwork> network) : network_(std::move(network)) {}
  ~Handle() override { network_->shut(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  void send(std::string_view packet) override { network_->send(packet); }
  void pause(bool paused) override { network_->pause(paused); }
  [[nodiscard]] bool is_named(const Endpoint& endpoint) const override {
    return network_->is_named(endpoint);
  }
  void resolve(const std::string& name, ppp::DnsAnswers::Resolved done) override {
    network_->resolve(name, std::move(done));
  }

 private:
  std::shared_ptr<SlirpNetwork> network_;
};

}  // namespace

std::unique_ptr<ppp::PacketNet> SlirpNetworks::attach(
    const ppp::Attachment& attachment, std::function<void(std::string_view)> arrived) {
  auto network =
      std::make_shared<SlirpNetwork>(io_, options_, deliver_, attachment, std::move(arrived));
  network->start();
  return std::make_unique<Handle>(std::move(network));
}

}  // namespace data_services
