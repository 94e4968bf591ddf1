#include "tests/support/ftp_server.hpp"

#include "tests/support/places.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace support {
namespace {

constexpr const char* python = "/usr/bin/python3";

std::vector<std::string> words(const std::string& kind, const std::string& directory,
                               const std::vector<std::string>& certificate) {
  std::vector<std::string> words{python, in_tree("tests/support/ftp_server.py"), kind, directory};
  words.insert(words.end(), certificate.begin(), certificate.end());
  return words;
}

}  // namespace

FtpServer::FtpServer(const std::string& kind, const std::vector<std::string>& certificate)
    : program_(words(kind, directory_.file(""), certificate)) {
  constexpr std::string_view before = "port ";
  const bool listens = program_.wait([&] {
    return program_.out().rfind(before, 0) == 0 && program_.out().find('\n') != std::string::npos;
  });
  if (!listens) throw std::runtime_error("the FTP server does not start: " + program_.err());
  port_ = static_cast<std::uint16_t>(std::stoi(program_.out().substr(before.size())));
}

bool FtpServer::is_installed() {
  return Program({python, "-c", "import pyftpdlib, OpenSSL"}).end() == 0;
}

std::string FtpServer::content(std::string_view name) const {
  return contents(directory_.file(name));
}

void FtpServer::put(std::string_view name, std::string_view content) const {
  std::ofstream(directory_.file(name), std::ios::binary) << content;
}

}  // namespace support
