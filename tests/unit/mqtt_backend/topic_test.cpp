#include "mqtt_backend/topic.hpp"

#include <catch2/catch.hpp>

using namespace mqtt_backend;

static_assert(is_mqtt_string(""));
static_assert(is_mqtt_string("a/b \x7f"));
static_assert(
    is_mqtt_string("\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));
static_assert(!is_mqtt_string(std::string_view("a\0b", 3)));
static_assert(!is_mqtt_string("\x80"));
static_assert(!is_mqtt_string("\xc1\xbf"));
static_assert(!is_mqtt_string("\xc3"));
static_assert(!is_mqtt_string("\xc3\x28"));
static_assert(!is_mqtt_string("\xe0\x9f\xbf"));
static_assert(!is_mqtt_string("\xed\xa0\x80"));
static_assert(!is_mqtt_string("\xf0\x8f\xbf\xbf"));
static_assert(!is_mqtt_string("\xf4\x90\x80\x80"));
static_assert(!is_mqtt_string("\xf5\x80\x80\x80"));
static_assert(is_publishable("a/b"));
static_assert(!is_publishable(""));
static_assert(!is_publishable("a/#"));
static_assert(!is_publishable("+"));
