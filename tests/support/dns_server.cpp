#include "tests/support/dns_server.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace support {

using boost::asio::ip::tcp;
using boost::asio::ip::udp;
using boost::system::error_code;
using Bytes = DnsServer::Bytes;

namespace {

constexpr std::size_t header = 12;
constexpr std::uint16_t type_a = 1;
constexpr std::uint16_t type_aaaa = 28;
constexpr std::uint8_t servfail = 2;
constexpr std::uint8_t nxdomain = 3;

void put16(Bytes& bytes, std::size_t value) {
  bytes.push_back(static_cast<std::uint8_t>(value >> 8U));
  bytes.push_back(static_cast<std::uint8_t>(value & 0xFFU));
}

void put_name(Bytes& bytes, const std::string& name) {
  std::size_t start = 0;
  while (start < name.size()) {
    const auto dot = std::min(name.find('.', start), name.size());
    bytes.push_back(static_cast<std::uint8_t>(dot - start));
    bytes.insert(bytes.end(), name.begin() + static_cast<std::ptrdiff_t>(start),
                 name.begin() + static_cast<std::ptrdiff_t>(dot));
    start = dot + 1;
  }
  bytes.push_back(0);
}

/// A query as its own answer, without records.
void make_answer(Bytes& bytes, std::uint8_t code) {
  bytes[2] = 0x81;  // QR, RD
  bytes[3] = 0x80 | code;
}

void add_record(Bytes& bytes, const DnsServer::Record& record) {
  const auto address = boost::asio::ip::make_address(record.address);
  put16(bytes, 0xC00C);  // the name of the question
  put16(bytes, address.is_v4() ? type_a : type_aaaa);
  put16(bytes, 1);
  put16(bytes, record.ttl >> 16U);
  put16(bytes, record.ttl & 0xFFFFU);
  put16(bytes, address.is_v4() ? 4 : 16);
  const auto add = [&](const auto& data) { bytes.insert(bytes.end(), data.begin(), data.end()); };
  if (address.is_v4())
    add(address.to_v4().to_bytes());
  else
    add(address.to_v6().to_bytes());
  const std::size_t count = (std::size_t{bytes[6]} << 8U | bytes[7]) + 1;
  bytes[6] = static_cast<std::uint8_t>(count >> 8U);
  bytes[7] = static_cast<std::uint8_t>(count & 0xFFU);
}

}  // namespace

Bytes dns_answer(const std::string& name, const std::vector<DnsServer::Record>& records) {
  Bytes bytes{0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0};
  put_name(bytes, name);
  put16(bytes, type_a);
  put16(bytes, 1);
  make_answer(bytes, 0);
  for (const auto& record : records) add_record(bytes, record);
  return bytes;
}

DnsServer::DnsServer(Manner manner) : manner_(manner), acceptor_(io_), socket_(io_) {
  // A port that is free for TCP is not always free for UDP.
  for (int tries = 0; port_ == 0; ++tries) {
    acceptor_ = tcp::acceptor(io_, {boost::asio::ip::address_v4::loopback(), 0});
    socket_ = udp::socket(io_, udp::v4());
    error_code taken;
    socket_.bind({boost::asio::ip::address_v4::loopback(), acceptor_.local_endpoint().port()},
                 taken);
    if (!taken) port_ = acceptor_.local_endpoint().port();
    if (tries == 20) throw std::runtime_error("no port is free for both");
  }
  hear_datagrams();
  accept();
  thread_ = std::thread([this] { io_.run(); });
}

DnsServer::~DnsServer() {
  io_.stop();
  thread_.join();
}

void DnsServer::knows(const std::string& name, std::vector<Record> records) {
  const std::lock_guard lock(mutex_);
  records_[name] = std::move(records);
}

std::vector<std::string> DnsServer::heard() const {
  const std::lock_guard lock(mutex_);
  return heard_;
}

DnsServer::Question DnsServer::parse(const Bytes& packet) {
  Question question;
  std::size_t at = header;
  while (at < packet.size() && packet[at] != 0) {
    const std::size_t length = packet[at];
    if (at + length >= packet.size()) return {};
    if (!question.name.empty()) question.name += '.';
    question.name.append(packet.begin() + static_cast<std::ptrdiff_t>(at + 1),
                         packet.begin() + static_cast<std::ptrdiff_t>(at + 1 + length));
    at += length + 1;
  }
  if (at + 5 > packet.size()) return {};
  question.type = static_cast<std::uint16_t>(packet[at + 1] << 8U | packet[at + 2]);
  question.bytes.assign(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(at + 5));
  return question;
}

Bytes DnsServer::answer(const Question& question) const {
  Bytes bytes = question.bytes;
  const auto known = records_.find(question.name);
  make_answer(bytes, known == records_.end() ? nxdomain : 0);
  if (known == records_.end() || manner_ == Manner::empty) return bytes;
  for (const auto& record : known->second) {
    const bool v4 = boost::asio::ip::make_address(record.address).is_v4();
    if (question.type == (v4 ? type_a : type_aaaa)) add_record(bytes, record);
  }
  const std::size_t first = question.bytes.size();
  if (bytes.size() == first) return bytes;
  if (manner_ == Manner::looping) bytes[first + 1] = static_cast<std::uint8_t>(first);
  if (manner_ == Manner::too_short) bytes[first + 11] = 200;
  return bytes;
}

std::vector<Bytes> DnsServer::answers(const Bytes& packet, bool over_tcp) {
  const std::lock_guard lock(mutex_);
  const auto question = parse(packet);
  if (question.bytes.empty()) return {};
  const std::string type = question.type == type_a ? "A " : "AAAA ";
  heard_.push_back(type + question.name + (over_tcp ? " TCP" : " UDP"));
  const auto honest = answer(question);
  auto other = question.bytes;
  make_answer(other, 0);
  switch (manner_) {
    case Manner::silent:
      return {};
    case Manner::failing:
      make_answer(other, servfail);
      return {other};
    case Manner::cut:
      if (over_tcp) return {honest};
      other[2] |= 0x02;  // TC
      return {other};
    case Manner::wrong_id:
      other[0] ^= 0x55;
      add_record(other, {"6.6.6.6", 6});
      return {other, honest};
    case Manner::wrong_question:
      other[header + 1] ^= 0x01;
      add_record(other, {"6.6.6.6", 6});
      return {other, honest};
    case Manner::noise:
      return {{}, {0}, Bytes(11, 0xFF), Bytes(400, 0xC0), honest};
    default:
      return {honest};
  }
}

void DnsServer::hear_datagrams() {
  socket_.async_receive_from(
      boost::asio::buffer(datagram_), asker_, [this](error_code error, std::size_t size) {
        if (error) return;
        const Bytes packet(datagram_.begin(),
                           datagram_.begin() + static_cast<std::ptrdiff_t>(size));
        error_code ignored;
        for (const auto& bytes : answers(packet, false))
          socket_.send_to(boost::asio::buffer(bytes), asker_, 0, ignored);
        hear_datagrams();
      });
}

void DnsServer::accept() {
  acceptor_.async_accept([this](error_code error, tcp::socket link) {
    if (error) return;
    std::array<std::uint8_t, 2> length{};
    boost::asio::read(link, boost::asio::buffer(length), error);
    Bytes packet(std::size_t{length[0]} << 8U | length[1]);
    if (!error) boost::asio::read(link, boost::asio::buffer(packet), error);
    if (!error)
      for (const auto& bytes : answers(packet, true)) {
        Bytes framed;
        put16(framed, bytes.size());
        framed.insert(framed.end(), bytes.begin(), bytes.end());
        boost::asio::write(link, boost::asio::buffer(framed), error);
      }
    accept();
  });
}

}  // namespace support
