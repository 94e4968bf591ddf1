// Leases on packet data contexts: who hears that a context is gone, and whether it is in use.
#include "cellular/bearer.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace cellular;

namespace {

struct Contexts : Bearer {
  using Bearer::context_lost;
  using Bearer::is_leased;
  [[nodiscard]] std::vector<std::string> chosen_name_servers(int) const override { return {}; }
  [[nodiscard]] bool bring_up(int cid) override { return cid != 9; }
};

}  // namespace

TEST_CASE("who holds a context hears once that it is gone") {
  Contexts contexts;
  std::string heard;
  const auto says = [&heard](char name) { return [&heard, name] { heard += name; }; };
  const auto first = contexts.lease(1, says('a'));
  const auto other = contexts.lease(2, says('b'));
  auto ended = contexts.hold(1, says('c'));
  const auto last = contexts.hold(1, says('d'));
  ended.end();
  contexts.context_lost(1);
  CHECK(heard == "ad");
  contexts.context_lost(1);
  contexts.context_lost(3);
  CHECK(heard == "ad");
  contexts.context_lost(2);
  CHECK(heard == "adb");
}

TEST_CASE("who ends the lease of another as he hears of it keeps him from hearing") {
  Contexts contexts;
  std::string heard;
  Lease second;
  const auto first = contexts.hold(1, [&] {
    heard += 'a';
    second.end();
  });
  second = contexts.hold(1, [&] { heard += 'b'; });
  contexts.context_lost(1);
  CHECK(heard == "a");
}

TEST_CASE("a context is in use as long as somebody holds it") {
  Contexts contexts;
  CHECK_FALSE(contexts.is_leased(1));
  auto lease = contexts.lease(1, [] {});
  CHECK(lease.cid() == 1);
  CHECK(contexts.is_leased(1));
  CHECK_FALSE(contexts.is_leased(2));
  lease.end();
  CHECK(lease.cid() == 0);
  CHECK_FALSE(contexts.is_leased(1));
}

TEST_CASE("a context that cannot be brought up is held by nobody") {
  Contexts contexts;
  const auto none = contexts.lease(9, [] {});
  CHECK_FALSE(none);
  CHECK(none.cid() == 0);
  CHECK_FALSE(contexts.is_leased(9));
}
