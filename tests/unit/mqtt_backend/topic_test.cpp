#include "mqtt_backend/topic.hpp"

#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

using namespace mqtt_backend;

TEST_CASE("strings are UTF-8 without NUL, surrogates and over-long forms") {
  for (const std::string_view good :
       {"", "a/b \x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xe1\x80\x80", "\xec\xbf\xbf",
        "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf1\x80\x80\x80",
        "\xf3\xbf\xbf\xbf", "\xf4\x8f\xbf\xbf", "a\xc3\xa4z"}) {
    CAPTURE(good);
    CHECK(is_mqtt_string(good));
  }
  for (const std::string_view bad : {std::string_view("a\0b", 3),
                                     {"\x80"},
                                     {"\xbf"},
                                     {"\xc1\xbf"},
                                     {"\xc3"},
                                     {"\xc3\x28"},
                                     {"\xc3\xc0"},
                                     {"\xe1\x80"},
                                     {"\xe1\x80\x7f"},
                                     {"\xe1\x80\xc0"},
                                     {"\xe0\x9f\xbf"},
                                     {"\xed\xa0\x80"},
                                     {"\xf1\x80\x80"},
                                     {"\xf0\x8f\xbf\xbf"},
                                     {"\xf4\x90\x80\x80"},
                                     {"\xf5\x80\x80\x80"},
                                     {"\xff"}}) {
    CAPTURE(bad);
    CHECK_FALSE(is_mqtt_string(bad));
  }
}

TEST_CASE("topics to publish to have no wildcards") {
  CHECK(is_publishable("a/b"));
  CHECK(is_publishable("/"));
  for (const auto* none : {"", "a/#", "+", "a+b", "\xff"}) CHECK_FALSE(is_publishable(none));
}

TEST_CASE("wildcards of a filter fill their level, # the last") {
  for (const auto* good : {"a", "/", "a//b", "#", "+", "a/#", "+/+", "/+/b", "a/+/#"}) {
    CAPTURE(good);
    CHECK(is_filter(good));
  }
  for (const auto* bad : {"", "\xff", "a#", "#a", "a+", "+a", "#/a", "a/#/b", "a/b+/c", "##"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_filter(bad));
  }
}

TEST_CASE("what a filter lets through, by the examples of MQTT 3.1.1, 4.7") {
  using Pair = std::pair<const char*, const char*>;
  for (const auto& [filter, topic] :
       {Pair{"sport/tennis/player1/#", "sport/tennis/player1"},
        {"sport/tennis/player1/#", "sport/tennis/player1/ranking"},
        {"sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon"},
        {"sport/#", "sport"},
        {"#", "a/b"},
        {"#", ""},
        {"sport/tennis/+", "sport/tennis/player1"},
        {"sport/+", "sport/"},
        {"+/+", "/finance"},
        {"/+", "/finance"},
        {"$SYS/#", "$SYS/x"},
        {"$SYS/monitor/+", "$SYS/monitor/Clients"}}) {
    CAPTURE(filter, topic);
    CHECK(topic_matches(filter, topic));
  }
  for (const auto& [filter, topic] : {Pair{"sport/tennis/+", "sport/tennis/player1/ranking"},
                                      {"sport/+", "sport"},
                                      {"+", "/finance"},
                                      {"a/b", "a"},
                                      {"a/b", "a/c"},
                                      {"a/+/c", "a"},
                                      {"a", "a/b"},
                                      {"A", "a"},
                                      {"#", "$SYS/x"},
                                      {"+/monitor/Clients", "$SYS/monitor/Clients"},
                                      {"", "$SYS"},
                                      {"", "a"}}) {
    CAPTURE(filter, topic);
    CHECK_FALSE(topic_matches(filter, topic));
  }
}
