// FTP to a real server: in the clear and over TLS, passive and active, to and from files and the
// port.
#include "tests/support/certificates.hpp"
#include "tests/support/emulator_process.hpp"
#include "tests/support/ftp_server.hpp"
#include "tests/support/skip.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

std::string every_byte(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i % 251);
  return bytes;
}

struct LoggedIn {
  explicit LoggedIn(FtpServer& server_, const EmulatorProcess::Options& options = {},
                    int security = 0)
      : session(options), host(session.host), server(server_) {
    host.command("AT+QIACT=1");
    host.command("AT+QFTPCFG=\"account\",\"user\",\"secret\"");
    host.command(fmt::format("AT+QFTPCFG=\"ssltype\",{}", security));
    host.command("AT+QSSLCFG=\"cacert\",0,\"ca.pem\"");
    host.command("AT+QSSLCFG=\"seclevel\",0,1");
    host.command("AT+QSSLCFG=\"sni\",0,1");
    host.command(fmt::format("AT+QFTPOPEN=\"localhost\",{}", server.port()));
    host.expect("\r\n+QFTPOPEN: 0,0\r\n");
  }

  void upload(const std::string& name, const std::string& bytes) {
    host.command(fmt::format("AT+QFTPPUT=\"{}\",\"COM:\",0,{},1", name, bytes.size()),
                 "\r\nCONNECT\r\n");
    host.send(bytes);
    host.expect(fmt::format("\r\nOK\r\n\r\n+QFTPPUT: 0,{}\r\n", bytes.size()));
  }
  void download(const std::string& name, const std::string& bytes) {
    host.command(fmt::format("AT+QFTPGET=\"{}\",\"COM:\"", name), "\r\nCONNECT\r\n");
    host.expect(bytes + fmt::format("\r\nOK\r\n\r\n+QFTPGET: 0,{}\r\n", bytes.size()));
  }
  void ask(const std::string& command, const std::string& result) {
    host.command("AT" + command);
    host.expect("\r\n" + result + "\r\n");
  }

  Session session;
  SerialHost& host;
  FtpServer& server;
};

}  // namespace

TEST_CASE("FTP as a host does it, with a real server [FTP-3] [FTP-4] [FTP-8] [FTP-9]") {
  if (!FtpServer::is_installed()) return skip("there is no pyftpdlib");
  FtpServer server("plain");
  const int passive = GENERATE(1, 0);
  LoggedIn ftp(server);
  ftp.host.command(fmt::format("AT+QFTPCFG=\"transmode\",{}", passive));
  ftp.ask("+QFTPPWD", "+QFTPPWD: 0,\"/\"");
  ftp.ask("+QFTPMKDIR=\"new\"", "+QFTPMKDIR: 0,0");
  ftp.ask("+QFTPCWD=\"new\"", "+QFTPCWD: 0,0");
  const auto bytes = every_byte(100'000);
  ftp.upload("a.bin", bytes);
  CHECK(server.content("new/a.bin") == bytes);
  ftp.ask("+QFTPSIZE=\"a.bin\"", "+QFTPSIZE: 0,100000");
  ftp.download("a.bin", bytes);
  ftp.ask("+QFTPLEN", "+QFTPLEN: 0,100000");
  ftp.host.command("AT+QFTPGET=\"a.bin\",\"COM:\",99000,500", "\r\nCONNECT\r\n");
  ftp.host.expect(bytes.substr(99'000, 500) + "\r\nOK\r\n\r\n+QFTPGET: 0,500\r\n");
  ftp.ask("+QFTPRENAME=\"a.bin\",\"b.bin\"", "+QFTPRENAME: 0,0");
  ftp.ask("+QFTPSIZE=\"a.bin\"", "+QFTPSIZE: 627,550");
  ftp.host.command("AT+QFTPNLST=\"\"", "\r\nCONNECT\r\n");
  ftp.host.expect("b.bin\r\n\r\nOK\r\n\r\n+QFTPNLST: 0,7\r\n");
  ftp.host.command("AT+QFTPGET=\"a.bin\"", "\r\n+CME ERROR: 627\r\n");
  ftp.ask("+QFTPDEL=\"b.bin\"", "+QFTPDEL: 0,0");
  ftp.ask("+QFTPCWD=\"/\"", "+QFTPCWD: 0,0");
  ftp.ask("+QFTPRMDIR=\"new\"", "+QFTPRMDIR: 0,0");
  ftp.ask("+QFTPCLOSE", "+QFTPCLOSE: 0,0");
  CHECK(server.got("QUIT"));
}

TEST_CASE("a firmware goes by FTP into the module's flash, and a log back [FTP-8] [FTP-9]") {
  if (!FtpServer::is_installed()) return skip("there is no pyftpdlib");
  FtpServer server("plain");
  const auto bytes = every_byte(200'000);
  server.put("ota.bin", bytes);
  LoggedIn ftp(server);
  ftp.ask("+QFTPGET=\"ota.bin\",\"UFS:ota.bin\"", "+QFTPGET: 0,200000");
  ftp.host.command("AT+QFLST=\"ota.bin\"", "\r\n+QFLST: \"UFS:ota.bin\",200000\r\n\r\nOK\r\n");
  ftp.ask("+QFTPPUT=\"back.bin\",\"UFS:ota.bin\"", "+QFTPPUT: 0,200000");
  CHECK(server.content("back.bin") == bytes);
  // More than the flash has.
  server.put("large.bin", every_byte(400'000));
  ftp.host.command("AT+QFTPGET=\"large.bin\",\"UFS:large.bin\"");
  ftp.host.expect("\r\n+QFTPGET: 613,");
  ftp.host.read_until("\r\n");
  ftp.ask("+QFTPSTAT", "+QFTPSTAT: 0,1");
  ftp.ask("+QFTPPWD", "+QFTPPWD: 0,\"/\"");
}

TEST_CASE("FTP over TLS, control and data, with the certificate checked [FTP-2] [FTP-3]") {
  if (!FtpServer::is_installed()) return skip("there is no pyftpdlib");
  static const Certificates certificates;
  const int security = GENERATE(1, 2);
  FtpServer server(security == 1 ? "implicit" : "explicit",
                   {certificates.path("server.pem"), certificates.path("server.key")});
  LoggedIn ftp(server, {"--file", "ca.pem=" + certificates.path("ca.pem")}, security);
  const auto bytes = every_byte(50'000);
  ftp.upload("a.bin", bytes);
  CHECK(server.content("a.bin") == bytes);
  ftp.download("a.bin", bytes);
  ftp.ask("+QFTPCLOSE", "+QFTPCLOSE: 0,0");
  // Another authority.
  ftp.host.command("AT+QSSLCFG=\"cacert\",0,\"demo_ca.pem\"");
  ftp.host.command(fmt::format("AT+QFTPOPEN=\"localhost\",{}", server.port()));
  ftp.host.expect("\r\n+QFTPOPEN: 631,0\r\n");
}

TEST_CASE("a download that the host breaks off leaves a session that works [FTP-10]") {
  if (!FtpServer::is_installed()) return skip("there is no pyftpdlib");
  FtpServer server("plain");
  server.put("large.bin", std::string(20'000'000, 'x'));
  // The second of silence before "+++" passes while these bytes come.
  LoggedIn ftp(server, {"--time-scale", "100"});
  ftp.host.command("AT+QFTPGET=\"large.bin\"", "\r\nCONNECT\r\n");
  ftp.host.expect(std::string(5'000'000, 'x'));
  ftp.host.send("+++");
  ftp.host.read_until("\r\nOK\r\n\r\n+QFTPGET: 616,");
  ftp.host.read_until("\r\n");
  ftp.ask("+QFTPPWD", "+QFTPPWD: 0,\"/\"");
}

TEST_CASE("a server that goes ends the session [FTP-12]") {
  if (!FtpServer::is_installed()) return skip("there is no pyftpdlib");
  FtpServer server("plain");
  LoggedIn ftp(server);
  server.end();
  // What the module finds out, and when, is for its next commands.
  std::string answer;
  while (answer != "\r\n+CME ERROR: 606\r\n") {
    ftp.host.send("AT+QFTPSTAT\r");
    ftp.host.expect("\r\nOK\r\n\r\n+QFTPSTAT: 0,");
    if (ftp.host.read_until("\r\n") != "4\r\n") continue;
    ftp.host.send("AT+QFTPPWD\r");
    answer = ftp.host.read_until("606\r\n");
  }
}
