#include "conformance/run/credentials.hpp"

#include "conformance/run/addresses.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <stdlib.h>

namespace conformance {

namespace fs = std::filesystem;

Credentials::Credentials(const std::string& host) {
  auto name = (fs::temp_directory_path() / "eg91xq-credentials-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  directory_ = name;
  try {
    make(host);
  } catch (...) {
    fs::remove_all(directory_);
    throw;
  }
}

Credentials::~Credentials() {
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void Credentials::make(const std::string& host) const {
  std::ofstream(directory_ / "extensions")
      << fmt::format("[server]\nsubjectAltName={}:{}\n[client]\nkeyUsage=digitalSignature\n",
                     is_address(host) ? "IP" : "DNS", host);
  std::ofstream(directory_ / "make") << R"(set -e
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj '/CN=eg91xq conformance CA'
for who in server client; do
  openssl req -newkey rsa:2048 -nodes -keyout $who.key -out $who.csr -subj "/CN=eg91xq conformance $who"
  openssl x509 -req -in $who.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out $who.pem \
    -extfile extensions -extensions $who
done
)";
  const auto command = fmt::format("cd '{}' && sh make >log 2>&1", directory_.string());
  if (std::system(command.c_str()) != 0)
    throw std::runtime_error("openssl cannot make certificates; is it installed?");
}

}  // namespace conformance
