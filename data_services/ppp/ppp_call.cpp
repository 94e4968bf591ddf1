#include "data_services/ppp/ppp_call.hpp"

#include "data_services/ppp/address.hpp"

#include <chrono>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace data_services::ppp {

using cellular::Knob;

Call::Call(const PppWorld& world, int cid)
    : world_(world),
      cid_(cid),
      was_active_(world.active(cid)),
      lease_(was_active_ ? world.bearer.hold(cid, [this] { bearer_lost(); })
                         : world.bearer.lease(cid, [this] { bearer_lost(); })),
      wall_(world.timeline, world.time_scale, [this] { return shared_from_this(); }),
      session_(wall_.timeline(), config(), *this),
      ending_(world.timeline) {}

Session::Config Call::config() const {
  enum Auth { chap, pap, none };
  Session::Config config;
  const auto auth = world_.knobs.get(Knob::ppp_auth);
  config.login = auth == chap ? Login::chap : auth == pap ? Login::pap : Login::none;
  config.offer.address = parse_address(world_.address_of(cid_)).value_or(0);
  const auto servers = world_.name_servers(cid_);
  const auto server = [&](std::size_t i) {
    return i < servers.size() ? parse_address(servers[i]).value_or(0) : 0;
  };
  config.offer.dns1 = server(0);
  config.offer.dns2 = server(1);
  if (world_.knobs.is_set(Knob::ppp_gateway))
    config.offer.gateway = alias_for(config.offer.address);
  config.first_frame_delay = std::chrono::milliseconds(world_.knobs.get(Knob::ppp_first_frame_ms));
  const auto surroundings = world_.surroundings();
  config.refuses_login = surroundings.refuses_login;
  config.ipcp_delay = surroundings.ipcp_delay;
  config.random = world_.random;
  return config;
}

std::string_view Call::speed() const {
  return world_.knobs.is_set(Knob::ppp_connect_text) ? std::string_view() : "150000000";
}

void Call::connected(at::OnlineChannel& channel) {
  channel_ = &channel;
  wall_.run([this] { session_.start(); });
}

void Call::transmit(std::string_view framed_bytes) {
  if (channel_ != nullptr) channel_->transmit(framed_bytes);
}

/// What the filter lets through goes to the network, but for what the module answers itself.
void Call::packet(std::string_view ip) {
  using Verdict = PacketFilter::Verdict;
  if (!net_) return;
  if (world_.tap != nullptr) world_.tap->packet(cid_, true, ip);
  const auto ruling = filter_->judge(ip);
  switch (ruling.verdict) {
    case Verdict::to_alias:
    case Verdict::to_named:
    case Verdict::to_far:
      return net_->send(ip);
    case Verdict::to_resolver:
      return parse_tcp(*ruling.packet) ? net_->send(ip) : ask_module(*ruling.packet);
    case Verdict::to_module:
      if (const auto reply = make_echo_reply(*ruling.packet)) return to_host(*reply);
      return refuse(ruling);
    case Verdict::refuse:
      return refuse(ruling);
    case Verdict::drop:
      return;
  }
}

void Call::to_host(std::string_view ip) {
  if (world_.tap != nullptr) world_.tap->packet(cid_, false, ip);
  session_.send_packet(ip);
}

void Call::refuse(const PacketFilter::Ruling& ruling) {
  const auto from = filter_->rules().alias;
  const auto told = make_unreachable(*ruling.packet, from, ppp::told(ruling.why));
  if (told) to_host(*told);
}

/// A question for one of the name servers that the host was given (IP-8).
void Call::ask_module(const IpPacket& packet) {
  const auto question = parse_udp(packet);
  if (!question) return refuse({PacketFilter::Verdict::refuse, PacketFilter::Why::own_net, packet});
  const Endpoint server{packet.destination, question->destination};
  const Endpoint host{packet.source, question->source};
  dns_->ask(question->data, [this, server, host](std::string_view message) {
    to_host(make_udp(server, host, message));
  });
}

/// The network begins anew with IP, as the host does.
void Call::established() {
  world_.log.info(
      fmt::format("PPP over context {}: the host is {}", cid_, world_.address_of(cid_)));
  attach();
}

void Call::attach() {
  const auto offer = config().offer;
  Attachment attachment;
  attachment.address = offer.address;
  attachment.alias = alias_for(offer.address);
  attachment.cid = cid_;
  for (const auto server : {offer.dns1, offer.dns2})
    if (server != 0) attachment.dns.push_back(server);
  PacketFilter::Rules rules;
  rules.address = attachment.address;
  rules.alias = attachment.alias;
  rules.dns = attachment.dns;
  if (world_.networks.reaches_everywhere()) rules.reach = PacketFilter::Reach::everywhere;
  rules.is_named = [this](const Endpoint& endpoint) { return net_ && net_->is_named(endpoint); };
  filter_.emplace(std::move(rules));
  dns_.emplace([this](const std::string& name, DnsAnswers::Resolved done) {
    net_->resolve(name, std::move(done));
  });
  net_ = world_.networks.attach(attachment, [this](std::string_view ip) { arrived(ip); });
}

/// A port that is full stops what comes for it, as far as the network can be stopped.
void Call::arrived(std::string_view ip) {
  to_host(ip);
  if (net_ && channel_ != nullptr && channel_->room() == 0) net_->pause(true);
}

void Call::drained() {
  if (net_) net_->pause(false);
}

void Call::suspended() {
  suspended_ = true;
  session_.suspend();
}

void Call::resumed() {
  suspended_ = false;
  session_.resume();
}

void Call::hung_up() {
  channel_ = nullptr;
  release();
}

void Call::drop(Drop how) {
  // reading: in command state nothing of it would come to the host, so that "always" is no more
  const bool says_so = how != Drop::silently && !suspended_;
  if (!says_so) return finish();
  wall_.run([this] { session_.terminate(); });
}

void Call::bearer_lost() {
  if (channel_ == nullptr) return;
  net_.reset();
  lease_.end();
  if (!world_.sends_term_frame()) return finish();
  wall_.run([this] { session_.terminate(); });
}

void Call::ended(Session::Reason reason) {
  world_.log.info(fmt::format("PPP over context {} ends: {}", cid_, name_of(reason)));
  // Not from inside the session's own time.
  ending_.start({}, [this] { finish(); });
}

void Call::finish() {
  auto* const channel = std::exchange(channel_, nullptr);
  release();
  if (channel != nullptr) channel->carrier_lost();
}

void Call::release() {
  net_.reset();
  if (!lease_) return;
  lease_.end();
  if (!was_active_ && !world_.knobs.is_set(Knob::ppp_keep_context)) world_.deactivate(cid_);
}

}  // namespace data_services::ppp
