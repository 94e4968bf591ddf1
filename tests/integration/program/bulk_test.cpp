// Much through a socket, both ways and in every mode, and much at once: no byte lost, none grown.
#include "tests/support/emulator_process.hpp"
#include "tests/support/far_end.hpp"

#include <algorithm>
#include <cstdint>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t block = std::size_t{64} * 1024;
constexpr std::size_t blocks = 1600;  // 100 MiB
constexpr std::size_t longest_send = 1460;
constexpr std::size_t longest_read = 1500;

/// Every block is another one.
class Stream {
 public:
  std::string next() {
    std::string bytes;
    bytes.reserve(block);
    while (bytes.size() < block) {
      auto word = draw_();
      for (int i = 0; i < 8; ++i, word >>= 8U) bytes += static_cast<char>(word & 0xffU);
    }
    return bytes;
  }

 private:
  std::mt19937_64 draw_{12};
};

bool reads_all(FarEnd& far) {
  Stream stream;
  for (std::size_t i = 0; i < blocks; ++i)
    if (far.read(block) != stream.next()) return false;
  return true;
}

void write_all(FarEnd& far) {
  Stream stream;
  for (std::size_t i = 0; i < blocks; ++i) far.write(stream.next());
}

void open(Session& session, FarEnd& far, int mode, const std::string& then) {
  session.host.command("AT+QIACT=1");
  session.host.command(fmt::format("AT+QIOPEN=1,0,\"TCP\",\"127.0.0.1\",{},0,{}", far.port(), mode),
                       then);
  far.accept();
}

/// `before` and the difference are in kilobytes.
void check_no_growth([[maybe_unused]] const Session& session,
                     [[maybe_unused]] std::int64_t before) {
  // The sanitizers take notes of what is touched.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(session.emulator.resident() - before < 4096);
#endif
}

constexpr auto opened = "\r\nOK\r\n\r\n+QIOPEN: 0,0\r\n";

}  // namespace

TEST_CASE("100 MiB to the peer of a transparent socket [TRAN-1]") {
  Session session;
  FarEnd far;
  const auto before = session.emulator.resident();
  open(session, far, 2, "\r\nCONNECT\r\n");
  auto read = std::async(std::launch::async, [&] { return reads_all(far); });
  Stream stream;
  for (std::size_t i = 0; i < blocks; ++i) session.host.send(stream.next());
  CHECK(read.get());
  check_no_growth(session, before);
}

TEST_CASE("100 MiB from the peer of a transparent socket, then its end [TRAN-1] [TRAN-6]") {
  Session session;
  FarEnd far;
  const auto before = session.emulator.resident();
  open(session, far, 2, "\r\nCONNECT\r\n");
  auto written = std::async(std::launch::async, [&] {
    write_all(far);
    far.finish();
  });
  Stream stream;
  for (std::size_t i = 0; i < blocks; ++i) session.host.expect(stream.next());
  session.host.expect("\r\nNO CARRIER\r\n");
  written.get();
  check_no_growth(session, before);
}

TEST_CASE("100 MiB to the peer of a buffered socket [SOCK-41] [SOCK-46]") {
  Session session;
  FarEnd far;
  open(session, far, 0, opened);
  auto read = std::async(std::launch::async, [&] { return reads_all(far); });
  Stream stream;
  for (std::size_t i = 0; i < blocks; ++i) {
    const auto bytes = stream.next();
    for (std::size_t at = 0; at < block;) {
      const auto part = bytes.substr(at, longest_send);
      session.host.command(fmt::format("AT+QISEND=0,{}", part.size()), "\r\n> ");
      session.host.send(part);
      session.host.expect("\r\n");
      const auto result = session.host.read_until("\r\n");
      // Nothing of a block that fails is taken.
      if (result == "SEND OK\r\n") at += part.size();
    }
  }
  CHECK(read.get());
  session.host.command("AT+QISEND=0,0", "\r\n+QISEND: 104857600,104857600,0\r\n\r\nOK\r\n");
}

TEST_CASE("100 MiB from the peer of a buffered socket [SOCK-71] [SOCK-78] [SURC-1]") {
  Session session;
  FarEnd far;
  open(session, far, 0, opened);
  auto written = std::async(std::launch::async, [&] { write_all(far); });
  const std::string urc = "\r\n+QIURC: \"recv\",0\r\n";
  Stream stream;
  std::string wanted;
  session.host.expect(urc);
  for (std::size_t read = 0; read < block * blocks;) {
    if (wanted.size() < longest_read && read + wanted.size() < block * blocks)
      wanted += stream.next();
    session.host.command(fmt::format("AT+QIRD=0,{}", longest_read), "\r\n");
    const auto header = session.host.read_until("\r\n");
    const auto size = std::stoul(header.substr(std::string("+QIRD: ").size()));
    if (size == 0) {
      session.host.expect("\r\nOK\r\n");
      session.host.expect(urc);
      continue;
    }
    session.host.expect(wanted.substr(0, size));
    session.host.expect("\r\n\r\nOK\r\n");
    wanted.erase(0, size);
    read += size;
  }
  written.get();
}

TEST_CASE("twelve sockets and six MQTT clients at once [SOCK-2] [GEN-15]") {
  Session session;
  auto& host = session.host;
  for (int client = 0; client < 6; ++client)
    session.connect(client, session.emulator.broker_port(), fmt::format("c{}", client));
  host.command("AT+QIACT=1");
  std::vector<std::unique_ptr<FarEnd>> fars;
  for (int id = 0; id < 12; ++id) {
    auto& far = *fars.emplace_back(std::make_unique<FarEnd>());
    host.command(fmt::format("AT+QIOPEN=1,{},\"TCP\",\"127.0.0.1\",{},0,1", id, far.port()),
                 fmt::format("\r\nOK\r\n\r\n+QIOPEN: {},0\r\n", id));
    far.accept();
  }
  host.command("AT+QIOPEN=1,0,\"TCP\",\"127.0.0.1\",1", "\r\nERROR\r\n");
  for (int client = 0; client < 6; ++client) {
    host.command(fmt::format("AT+QMTSUB={},1,\"t{}\",0", client, client), "\r\nOK\r\n");
    host.expect(fmt::format("\r\n+QMTSUB: {},1,0,0\r\n", client));
  }
  for (int round = 0; round < 5; ++round) {
    for (int id = 0; id < 12; ++id) {
      const auto text = fmt::format("round {} of socket {}", round, id);
      fars[static_cast<std::size_t>(id)]->write(text);
      host.expect(fmt::format("\r\n+QIURC: \"recv\",{},{}\r\n{}\r\n", id, text.size(), text));
      host.command(fmt::format("AT+QISEND={},{}", id, text.size()), "\r\n> ");
      host.send(text);
      host.expect("\r\nSEND OK\r\n");
      CHECK(fars[static_cast<std::size_t>(id)]->read(text.size()) == text);
    }
    for (int client = 0; client < 6; ++client) {
      host.command(fmt::format("AT+QMTPUBEX={},0,0,0,\"t{}\",2", client, client), "\r\n> ");
      host.send("hi");
      host.expect_all({"\r\nOK\r\n", fmt::format("\r\n+QMTPUBEX: {},0,0\r\n", client),
                       fmt::format("\r\n+QMTRECV: {},0,\"t{}\",\"hi\"\r\n", client, client)});
    }
  }
}
