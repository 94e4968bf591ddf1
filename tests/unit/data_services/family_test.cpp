// Which commands of the data services this family has.
#include "tests/support/world.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

TEST_CASE("the family's commands are known [GEN-1]") {
  constexpr std::array<std::string_view, 50> names{
      "QIOPEN",        "QICLOSE",   "QISTATE",    "QISEND",     "QIRD",          "QISENDEX",
      "QISWTMD",       "QICFG",     "QISDE",      "QIGETERROR", "QPING",         "QNTP",
      "QIDNSCFG",      "QIDNSGIP",  "QICSGP",     "QIACT",      "QIDEACT",       "QSSLCFG",
      "QSSLOPEN",      "QSSLSEND",  "QSSLRECV",   "QSSLCLOSE",  "QSSLSTATE",     "QHTTPCFG",
      "QHTTPURL",      "QHTTPGET",  "QHTTPGETEX", "QHTTPPOST",  "QHTTPPOSTFILE", "QHTTPREAD",
      "QHTTPREADFILE", "QHTTPSTOP", "QFTPCFG",    "QFTPOPEN",   "QFTPCWD",       "QFTPPWD",
      "QFTPPUT",       "QFTPGET",   "QFTPSIZE",   "QFTPDEL",    "QFTPMKDIR",     "QFTPRMDIR",
      "QFTPLIST",      "QFTPNLIST", "QFTPMLSD",   "QFTPMDTM",   "QFTPRENAME",    "QFTPLEN",
      "QFTPSTAT",      "QFTPCLOSE"};
  support::World world({});
  world.modem.power_on();
  world.settle();
  for (const auto name : names) {
    CAPTURE(name);
    auto& port = world.ports[0];
    port.unread.clear();
    world.terminals[0]->receive("AT+" + std::string(name) + "=?\r");
    world.settle();
    const std::string ok = "\r\nOK\r\n";
    CHECK(port.unread.size() > ok.size());
    CHECK(port.unread.substr(port.unread.size() - std::min(port.unread.size(), ok.size())) == ok);
  }
}
