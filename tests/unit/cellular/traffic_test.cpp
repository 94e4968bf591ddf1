// Bytes are counted in all and by context.
#include "cellular/traffic.hpp"

#include <catch2/catch.hpp>

using cellular::Traffic;

TEST_CASE("bytes of each context are counted, and all together") {
  Traffic traffic;
  traffic.count_sent(1, 10);
  traffic.count_sent(Traffic::max_cid, 5);
  traffic.count_received(1, 7);
  CHECK(traffic.sent == 15);
  CHECK(traffic.received == 7);
  CHECK(traffic.contexts[1].sent == 10);
  CHECK(traffic.contexts[1].received == 7);
  CHECK(traffic.contexts[Traffic::max_cid].sent == 5);
  CHECK(traffic.contexts[Traffic::max_cid].received == 0);
}

TEST_CASE("bytes of a context that there is not are those of none") {
  Traffic traffic;
  traffic.count_received(-1, 3);
  traffic.count_received(Traffic::max_cid + 1, 4);
  CHECK(traffic.received == 7);
  CHECK(traffic.contexts[0].received == 7);
}
