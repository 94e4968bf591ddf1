// Example 5.2 of the note, as printed, with a real authority and a broker that demands a client
// certificate.
#include "emulator/device/files/file_checksum.hpp"
#include "tests/integration/tls/matrix.hpp"
#include "tests/support/mqtt_tools.hpp"

#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

using namespace tls;

namespace {

std::string content_of(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

void upload(support::SerialHost& host, const std::string& name, const std::string& content) {
  host.command(fmt::format("AT+QFUPL=\"{}\",{},100", name, content.size()), "\r\nCONNECT\r\n");
  host.send(content);
  host.expect(fmt::format("\r\n+QFUPL: {},{:x}\r\n\r\nOK\r\n", content.size(),
                          emulator::device::file_checksum(content)));
}

}  // namespace

TEST_CASE("5.2: MQTT with SSL, mutual authentication [EX-2]") {
  Servers servers({});
  support::Session session;
  auto& host = session.host;
  host.command("AT+QMTCFG=\"recv/mode\",0,0,1");
  host.command("AT+QMTCFG=\"SSL\",0,1,2");
  upload(host, "UFS:cacert.pem", content_of(certificates().path("ca.pem")));
  upload(host, "UFS:client.pem", content_of(certificates().path("client.pem")));
  upload(host, "UFS:user_key.pem", content_of(certificates().path("client.key")));
  host.command("AT+QSSLCFG=\"cacert\",2,\" UFS:cacert.pem\"");
  host.command("AT+QSSLCFG=\"clientcert\",2,\"UFS:client.pem\"");
  host.command("AT+QSSLCFG=\"clientkey\",2,\"UFS:user_key.pem\"");
  host.command("AT+QSSLCFG=\"seclevel\",2,2");
  host.command("AT+QSSLCFG=\"sslversion\",2,4");
  host.command("AT+QSSLCFG=\"ciphersuite\",2,0xFFFF");
  host.command("AT+QSSLCFG=\"ignorelocaltime\",2,1");
  host.command(fmt::format("AT+QMTOPEN=0,\"localhost\",{}", servers.port("mosquitto, mutual")));
  host.expect("\r\n+QMTOPEN: 0,0\r\n");
  host.command("AT+QMTCONN=0,\"M26_0206\"");
  host.expect("\r\n+QMTCONN: 0,0,0\r\n");
  const std::string topic = "$aws/things/M26_0206/shadow/update/accepted";
  host.command(fmt::format("AT+QMTSUB=0,1,\"{}\",1", topic));
  host.expect("\r\n+QMTSUB: 0,1,0,1\r\n");
  host.command(fmt::format("AT+QMTPUBEX=0,1,1,0,\"{}\",32", topic), "\r\n> ");
  // The text is longer than the 32 bytes of the command: what is over is dropped.
  host.send("This is published data from client");
  host.expect("\r\nOK\r\n");
  host.expect_all(
      {"\r\n+QMTPUBEX: 0,1,0\r\n",
       fmt::format("\r\n+QMTRECV: 0,1,\"{}\",32,\"This is published data from clie\"\r\n", topic)});
  host.command("AT+QMTDISC=0");
  host.expect("\r\n+QMTDISC: 0,0\r\n");
}
