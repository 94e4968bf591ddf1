#include "ssl_ctx/contexts.hpp"

#include <map>

#include <catch2/catch.hpp>

using namespace ssl_ctx;

namespace {

struct MemoryFiles : Files {
  [[nodiscard]] std::optional<std::string> read_file(std::string_view name) const override {
    ++reads;
    const auto found = content.find(std::string(name));
    if (found == content.end()) return std::nullopt;
    return found->second;
  }

  std::map<std::string, std::string> content;
  mutable int reads = 0;
};

constexpr std::int64_t noon = 1'700'000'000;

/// Context 2 with everything named, and every file there.
struct Full {
  Full() {
    auto& settings = contexts[2];
    settings.cacert = "ca";
    settings.cacertex = "more";
    settings.clientcert = "cert";
    settings.clientkey = "key";
    settings.key_password = "secret";
    files.content = {{"ca", "CA"}, {"more", "MORE"}, {"cert", "CERT"}, {"key", "KEY"}};
  }

  [[nodiscard]] std::variant<TlsRequest, std::string> request(int seclevel) {
    contexts[2].seclevel = seclevel;
    return contexts.request(2, files, noon);
  }

  /// Why it cannot be done.
  [[nodiscard]] std::string reason(int seclevel) {
    return std::get<std::string>(request(seclevel));
  }

  Contexts contexts;
  MemoryFiles files;
};

}  // namespace

TEST_CASE("without a check no file is read") {
  Full full;
  const auto request = std::get<TlsRequest>(full.request(0));
  CHECK(full.files.reads == 0);
  CHECK(request.ctx == 2);
  CHECK(request.verify_time == noon);
  CHECK(request.settings.cacert == "ca");
  CHECK(request.ca.empty());
  CHECK(request.certificate.empty());
  CHECK(request.key.empty());
  full.files.content.clear();
  CHECK(std::holds_alternative<TlsRequest>(full.request(0)));
}

TEST_CASE("to check the server takes the CA files") {
  Full full;
  const auto request = std::get<TlsRequest>(full.request(1));
  CHECK(request.ca == "CA");
  CHECK(request.ca_extra == "MORE");
  CHECK(request.certificate.empty());
  CHECK(request.key.empty());
  full.contexts[2].cacertex.clear();
  CHECK(std::get<TlsRequest>(full.request(1)).ca_extra.empty());
  full.contexts[2].clientcert.clear();
  CHECK(std::holds_alternative<TlsRequest>(full.request(1)));
}

TEST_CASE("to be checked takes the own certificate and its key") {
  Full full;
  const auto request = std::get<TlsRequest>(full.request(2));
  CHECK(request.ca == "CA");
  CHECK(request.ca_extra == "MORE");
  CHECK(request.certificate == "CERT");
  CHECK(request.key == "KEY");
  CHECK(request.settings.key_password == "secret");
}

TEST_CASE("the reason says what is missing, in one line") {
  const auto level = GENERATE(1, 2);
  Full full;
  full.files.content.erase("ca");
  CHECK(full.reason(level) == "SSL context 2: the file of \"cacert\", ca, is not there");
  full.contexts[2].cacert.clear();
  CHECK(full.reason(level) == "SSL context 2: no \"cacert\" is set");
}

TEST_CASE("each file that is named has to be there") {
  Full full;
  full.files.content.erase("more");
  CHECK(full.reason(1) == "SSL context 2: the file of \"cacertex\", more, is not there");
  full.files.content["more"] = "";
  full.files.content.erase("cert");
  CHECK(full.reason(2) == "SSL context 2: the file of \"clientcert\", cert, is not there");
  full.contexts[2].clientcert.clear();
  CHECK(full.reason(2) == "SSL context 2: no \"clientcert\" is set");
  full.contexts[2].clientcert = "ca";
  full.files.content.erase("key");
  CHECK(full.reason(2) == "SSL context 2: the file of \"clientkey\", key, is not there");
  full.contexts[2].clientkey.clear();
  CHECK(full.reason(2) == "SSL context 2: no \"clientkey\" is set");
}

TEST_CASE("a restart brings factory values, and another boot") {
  Full full;
  const auto before = std::get<TlsRequest>(full.request(1));
  full.contexts.reset();
  CHECK(full.contexts[2].cacert.empty());
  CHECK(full.contexts[2].seclevel == 0);
  CHECK(full.contexts[2].ciphersuites == SuiteList{0xFFFF});
  const auto after = std::get<TlsRequest>(full.request(0));
  CHECK(after.boot != before.boot);
}
