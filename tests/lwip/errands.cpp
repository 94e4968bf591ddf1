#include "errands.hpp"

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>

#include <lwip/apps/http_client.h>
#include <lwip/dns.h>
#include <lwip/icmp.h>
#include <lwip/inet_chksum.h>
#include <lwip/raw.h>
#include <lwip/udp.h>

namespace lwip_host {
namespace {

using Clock = std::chrono::steady_clock;

void check(err_t error, const std::string& what) {
  if (error != ERR_OK) throw Failure(what + ": error " + std::to_string(error) + " of lwIP");
}

std::string shown(const ip_addr_t& address) { return ::ipaddr_ntoa(&address); }

ip_addr_t address_of(Host& host, const std::string& name) {
  struct Answer {
    bool is_there = false;
    std::optional<ip_addr_t> address;
  } answer;
  ip_addr_t address{};
  const auto take = [](const char*, const ip_addr_t* found, void* to) {
    auto& waiting = *static_cast<Answer*>(to);
    waiting.is_there = true;
    if (found != nullptr) waiting.address = *found;
  };
  const auto error =
      ::dns_gethostbyname_addrtype(name.c_str(), &address, take, &answer, LWIP_DNS_ADDRTYPE_IPV4);
  if (error == ERR_OK) return address;
  if (error != ERR_INPROGRESS) check(error, "resolve " + name);
  host.wait("resolve " + name, [&] { return answer.is_there; });
  if (!answer.address) throw Failure("resolve " + name + ": there is no such name");
  return *answer.address;
}

struct Peer {
  std::string host;
  u16_t port;
};

Peer peer_of(const std::string& text, u16_t port) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) return {text, port};
  const auto number = std::strtoul(text.c_str() + colon + 1, nullptr, 10);
  if (number == 0 || number > 65535) throw Failure("no port: " + text);
  return {text.substr(0, colon), static_cast<u16_t>(number)};
}

pbuf* packet_of(const std::string& bytes) {
  auto* const packet = ::pbuf_alloc(PBUF_TRANSPORT, static_cast<u16_t>(bytes.size()), PBUF_RAM);
  ::pbuf_take(packet, bytes.data(), packet->len);
  return packet;
}

std::string bytes_of(const pbuf& packet, u16_t offset = 0) {
  std::string bytes(static_cast<std::size_t>(packet.tot_len - offset), '\0');
  ::pbuf_copy_partial(&packet, bytes.data(), static_cast<u16_t>(bytes.size()), offset);
  return bytes;
}

std::string echo_request(const std::string& data) {
  icmp_echo_hdr head{};
  ICMPH_TYPE_SET(&head, ICMP_ECHO);
  head.id = PP_HTONS(0x4C57);
  head.seqno = PP_HTONS(1);
  std::string bytes(sizeof head, '\0');
  std::memcpy(bytes.data(), &head, sizeof head);
  bytes += data;
  head.chksum = ::inet_chksum(bytes.data(), static_cast<u16_t>(bytes.size()));
  std::memcpy(bytes.data(), &head, sizeof head);
  return bytes;
}

/// What has come of a request for a page.
struct Page {
  std::ofstream file;
  u32_t size = 0;
  struct Result {
    httpc_result_t code;
    u32_t status;
  };
  std::optional<Result> result;
};

err_t take_body(void* to, altcp_pcb* connection, pbuf* packet, err_t) {
  auto& page = *static_cast<Page*>(to);
  page.size += packet->tot_len;
  for (const pbuf* each = packet; each != nullptr; each = each->next)
    page.file.write(static_cast<const char*>(each->payload), each->len);
  altcp_recved(connection, packet->tot_len);
  ::pbuf_free(packet);
  return ERR_OK;
}

std::string failed(const std::string& url, const Page& page) {
  const char* const words[] = {"",
                               "it failed",
                               "no connection",
                               "there is no such name",
                               "the server has closed the connection",
                               "the server is silent",
                               "no answer of HTTP",
                               "no memory",
                               "aborted",
                               "the connection has ended before the body"};
  return "get " + url + ": " + words[page.result->code] + " after " + std::to_string(page.size) +
         " bytes";
}

}  // namespace

void tell(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout);
}

void resolve(Host& host, const std::string& name) {
  tell("resolved " + name + " " + shown(address_of(host, name)));
}

void ping(Host& host, const std::string& name) {
  const auto address = address_of(host, name);
  const std::string data = "a ping of lwIP";
  bool answered = false;
  struct Wanted {
    std::string data;
    bool& answered;
  } wanted{data, answered};
  std::unique_ptr<raw_pcb, decltype(&::raw_remove)> pcb(
      ::raw_new_ip_type(IPADDR_TYPE_V4, IP_PROTO_ICMP), &::raw_remove);
  ::raw_recv(
      pcb.get(),
      [](void* to, raw_pcb*, pbuf* packet, const ip_addr_t*) -> u8_t {
        auto& [expected, done] = *static_cast<Wanted*>(to);
        const auto bytes = bytes_of(*packet, IP_HLEN);
        if (bytes.size() < sizeof(icmp_echo_hdr) || bytes[0] != ICMP_ER) return 0;
        done = bytes.substr(sizeof(icmp_echo_hdr)) == expected;
        ::pbuf_free(packet);
        return 1;
      },
      &wanted);
  auto* const request = packet_of(echo_request(data));
  const auto start = Clock::now();
  const auto error = ::raw_sendto(pcb.get(), request, &address);
  ::pbuf_free(request);
  check(error, "ping " + name);
  host.wait("ping " + name, [&] { return answered; });
  const auto took = std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - start);
  tell("ping " + name + " ok " + std::to_string(took.count()) + " ms");
}

void echo_by_udp(Host& host, const std::string& peer, const std::string& text) {
  const auto [name, port] = peer_of(peer, 7);
  const auto address = address_of(host, name);
  std::optional<std::string> answer;
  std::unique_ptr<udp_pcb, decltype(&::udp_remove)> pcb(::udp_new_ip_type(IPADDR_TYPE_V4),
                                                        &::udp_remove);
  ::udp_recv(
      pcb.get(),
      [](void* to, udp_pcb*, pbuf* packet, const ip_addr_t*, u16_t) {
        *static_cast<std::optional<std::string>*>(to) = bytes_of(*packet);
        ::pbuf_free(packet);
      },
      &answer);
  auto* const packet = packet_of(text);
  const auto error = ::udp_sendto(pcb.get(), packet, &address, port);
  ::pbuf_free(packet);
  check(error, "udp-echo " + peer);
  host.wait("udp-echo " + peer, [&] { return answer.has_value(); });
  if (*answer != text) throw Failure("udp-echo " + peer + ": something else came back");
  tell("udp-echo " + peer + " ok " + std::to_string(text.size()) + " bytes");
}

void get(Host& host, const std::string& url, const std::string& output) {
  const std::string scheme = "http://";
  const auto slash = url.find('/', scheme.size());
  if (!url.starts_with(scheme) || slash == std::string::npos) throw Failure("no URL: " + url);
  const auto [name, port] = peer_of(url.substr(scheme.size(), slash - scheme.size()), 80);
  Page page;
  if (!output.empty()) page.file.open(output, std::ios::binary);
  httpc_connection_t settings{};
  settings.result_fn = [](void* to, httpc_result_t code, u32_t, u32_t status, err_t) {
    static_cast<Page*>(to)->result = {code, status};
  };
  const auto error = ::httpc_get_file_dns(name.c_str(), port, url.c_str() + slash, &settings,
                                          take_body, &page, nullptr);
  check(error, "get " + url);
  const auto start = Clock::now();
  host.wait("get " + url, [&] { return page.result.has_value(); });
  if (page.result->code != HTTPC_RESULT_OK) throw Failure(failed(url, page));
  const auto took = std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - start);
  tell("get " + std::to_string(page.result->status) + " " + std::to_string(page.size) + " bytes " +
       std::to_string(took.count()) + " ms");
}

}  // namespace lwip_host
