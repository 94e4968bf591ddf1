// Update packages: what one is, and that nothing else is taken for one.
#include "at_engine/text.hpp"
#include "codec/sha256.hpp"
#include "data_services/fota/package.hpp"
#include "data_services/fota/source.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace data_services;

namespace {

/// Takes it in pieces of so many bytes.
FotaError read(std::string_view package, std::size_t piece = 100'000) {
  PackageReader reader;
  for (std::size_t at = 0; at < package.size(); at += piece)
    REQUIRE(reader.take(package.substr(at, piece)));
  return reader.verdict();
}

PackageHead head() {
  PackageHead made;
  made.project = "EG916Q";
  made.revision = "EG916QGLLGR01A06M01";
  made.payload = 100;
  return made;
}

std::string sealed(const std::string& text) {
  codec::Sha256 digest;
  digest.take(text);
  return text + digest.finish();
}

class NamesOfFiles : public Files {
 public:
  [[nodiscard]] bool is_name(std::string_view name) const override {
    return name.find('/') == name.npos && !name.empty();
  }
  [[nodiscard]] std::optional<std::string> content(std::string_view) const override { return {}; }
  [[nodiscard]] std::optional<std::size_t> room_for(std::string_view) const override { return {}; }
  [[nodiscard]] bool replace(std::string_view, std::string_view) override { return false; }
};

}  // namespace

TEST_CASE("SHA-256 in pieces is that of the whole") {
  codec::Sha256 digest;
  digest.take("a");
  digest.take("bc");
  CHECK(at::hex(digest.finish()) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(at::hex(digest.finish()) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("a package is a head of lines, a payload and the SHA-256 of both [FOTA-3]") {
  auto made = head();
  made.build = "A0.001";
  made.baseline = "EG916QGLLGR01A05";
  made.from = "EG916QGLLGR01A05M04";
  const auto package = make_package(made);
  const std::string text =
      "EG91XQ-FIRMWARE 1\nproject: EG916Q\nrevision: EG916QGLLGR01A06M01\nbuild: A0.001\n"
      "baseline: EG916QGLLGR01A05\nfrom: EG916QGLLGR01A05M04\nsize: 100\n\n";
  CHECK(package.substr(0, text.size()) == text);
  CHECK(package.size() == text.size() + 100 + 32);
  CHECK(sealed(package.substr(0, package.size() - 32)) == package);
  for (const std::size_t piece : {1U, 7U, 100'000U}) CHECK(read(package, piece) == FotaError::none);
  CHECK(parse_head(text)->from == "EG916QGLLGR01A05M04");
  PackageReader reader;
  REQUIRE(reader.take(package));
  REQUIRE(reader.verdict() == FotaError::none);
  CHECK(reader.head().revision == "EG916QGLLGR01A06M01");
  CHECK(reader.head().payload == 100);
}

TEST_CASE("a package that ends early is none, wherever it does [FOTA-3]") {
  const auto package = make_package(head());
  for (std::size_t size = 0; size < package.size(); ++size) {
    INFO(size);
    CHECK(read(package.substr(0, size)) == FotaError::package);
  }
}

TEST_CASE("a package with one bit turned is none, whichever it is [FOTA-3]") {
  const auto package = make_package(head());
  const auto payload_begins = package.find("\n\n") + 2;
  for (std::size_t i = 0; i < package.size(); ++i)
    for (unsigned bit = 0; bit < 8; ++bit) {
      INFO(i << ' ' << bit);
      auto turned = package;
      turned[i] = static_cast<char>(static_cast<unsigned char>(turned[i]) ^ (1U << bit));
      const auto verdict = read(turned);
      CHECK((verdict == FotaError::package || verdict == FotaError::digest));
      if (i >= payload_begins) CHECK(verdict == FotaError::digest);
    }
}

TEST_CASE("what is behind a package is what fills a block up, or it is none [FOTA-3] [FOTA-5]") {
  const auto package = make_package(head());
  CHECK(read(package + std::string(2000, '\xFF')) == FotaError::none);
  CHECK(read(package + '\0') == FotaError::package);
  CHECK(read(package + '\xFF' + 'x') == FotaError::package);
}

TEST_CASE("a head that is not as it has to be, though its checksum is right [FOTA-3]") {
  const std::string begin = "EG91XQ-FIRMWARE 1\n";
  const std::string value(64, 'v');
  CHECK(read(sealed(begin + "project: p\nrevision: " + value + "\nsize: 0\n\n")) ==
        FotaError::none);
  for (const auto& text : std::vector<std::string>{
           "",
           "\n\n",
           begin + "\n",
           "EG91XQ-FIRMWARE 2\nproject: p\nrevision: r\nsize: 0\n\n",
           begin + "project: p\nsize: 0\n\n",
           begin + "revision: r\nsize: 0\n\n",
           begin + "project: p\nrevision: r\n\n",
           begin + "revision: r\nproject: p\nsize: 0\n\n",
           begin + "project: p\nproject: p\nrevision: r\nsize: 0\n\n",
           begin + "project: p\nrevision: r\nother: x\nsize: 0\n\n",
           begin + "project: p\nrevision: r\nsize: 0\nother: x\n\n",
           begin + "project: p\nrevision: \nsize: 0\n\n",
           begin + "project: p\nrevision:r\nsize: 0\n\n",
           begin + "project: p\nrevision: a b\nsize: 0\n\n",
           begin + "project: p\nrevision: a\"b\nsize: 0\n\n",
           begin + "project: p\nrevision: " + value + "v\nsize: 0\n\n",
           begin + "project: p\nrevision: r\nsize: \n\n",
           begin + "project: p\nrevision: r\nsize: 00\n\n",
           begin + "project: p\nrevision: r\nsize: -1\n\n",
           begin + "project: p\nrevision: r\nsize: 4194305\n\n",
           begin + "project: p\nrevision: r\nsize: 99999999999999999999\n\n",
           begin + "project: p\nrevision: r\r\nsize: 0\n\n",
       }) {
    INFO(text);
    CHECK(read(sealed(text)) == FotaError::package);
    CHECK(read(sealed(text), 1) == FotaError::package);
  }
  CHECK(read(std::string(600, 'x')) == FotaError::package);
}

TEST_CASE("a package is never longer than the module has room for [FOTA-3]") {
  PackageReader reader;
  const std::string piece(65'536, 'x');
  std::size_t taken = 0;
  while (reader.take(piece)) taken += piece.size();
  CHECK(taken <= PackageReader::max_bytes);
  CHECK(taken + piece.size() > PackageReader::max_bytes);
  auto largest = head();
  largest.payload = PackageHead::max_payload;
  CHECK(read(make_package(largest)) == FotaError::none);
}

TEST_CASE("which firmware a package is for [FOTA-3]") {
  const Firmware running{"EG916Q", "EG916QGLLGR01A05M04"};
  auto made = head();
  CHECK(judge(made, running) == FotaError::none);
  made.from = "EG916QGLLGR01A05M04";
  made.baseline = "EG916QGLLGR01A05";
  CHECK(judge(made, running) == FotaError::none);
  made.from = "EG916QGLLGR01A05M03";
  CHECK(code(judge(made, running)) == 507);
  made.baseline = "EG916QGLLGR01A04";
  CHECK(code(judge(made, running)) == 553);
  made.project = "EG915Q";
  CHECK(code(judge(made, running)) == 552);
}

TEST_CASE("where an update comes from [FOTA-1] [FOTA-5]") {
  const NamesOfFiles files;
  const auto source = [&](std::string_view text) { return parse_source(text, files); };
  const auto http = std::get<HttpUrl>(*source("https://a:81/b?c"));
  CHECK(http.secure);
  CHECK(http.port == 81);
  auto ftp = std::get<FtpUrl>(*source("FTP://a/dir/f"));
  CHECK_FALSE(ftp.secure);
  CHECK_FALSE(ftp.user);
  CHECK_FALSE(ftp.port);
  CHECK(ftp.host == "a");
  CHECK(ftp.path == "dir/f");
  ftp = std::get<FtpUrl>(*source("ftps://u:p@s@[::1]:2121//f"));
  CHECK(ftp.secure);
  CHECK(ftp.user == "u");
  CHECK(ftp.password == "p@s");
  CHECK(ftp.host == "::1");
  CHECK(ftp.port == 2121);
  CHECK(ftp.path == "/f");
  for (const auto* name : {"/usrdata/cache/ufs/f", "/data/ufs/f", "f"})
    CHECK(std::get<FlashFile>(*source(name)).name == "f");
  CHECK(std::get<FlashFile>(*source("UFS:f")).name == "UFS:f");
  for (const auto* text :
       {"http://", "ftp://a", "ftp://a/", "ftp:///f", "ftp://@a/f", "ftp://a:0/f", "ftp://a b/f",
        "ftps://a/f\r\nDELE x", "/etc/passwd", "tftp://a/f", "/data/ufs/", "/data/ufs/a/b"}) {
    INFO(text);
    CHECK_FALSE(source(text));
  }
}
