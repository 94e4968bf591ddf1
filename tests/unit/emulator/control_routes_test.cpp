// The table of the control interface without HTTP: what is found, what is refused, what is said.
#include "emulator/control/control_address.hpp"
#include "emulator/control/fleet.hpp"
#include "emulator/control/route_table.hpp"

#include <memory>
#include <stdexcept>
#include <string>

#include <catch2/catch.hpp>

using namespace emulator::control;
using nlohmann::json;

namespace {

struct Heard : Exchange {
  Reply reply{0};
  void answer(Reply answer) override {
    if (reply.status == 0) reply = std::move(answer);
  }
  std::shared_ptr<Stream> stream(const std::string&) override { return nullptr; }
  void on_gone(std::function<void()>) override {}
};

struct Answer {
  int status = 0;
  json body;
  Reply reply;
};

Answer ask(const RouteTable& table, const Request& request) {
  const auto heard = std::make_shared<Heard>();
  table.dispatch(request, Responder(heard));
  return {heard->reply.status, json::parse(heard->reply.body, nullptr, false), heard->reply};
}

/// Says back what a handler gets.
Handler echo() {
  return [](const Call& call, const Responder& responder) {
    responder.reply(200, {{"parameters", call.parameters},
                          {"query", call.query},
                          {"body", call.body},
                          {"method", to_text(call.method)}});
  };
}

RouteTable table() {
  RouteTable table;
  const Parameter modem = modem_parameter();
  const auto fault =
      with_variants(object({{"name", name(), true}, {"count", integer(1, 100), false}}), "type",
                    {{"reply-delay", {{"params", object({{"ms", integer(0, 60000), true}}), true}}},
                     {"reply-drop", {}}});
  const auto urc =
      with_exactly_one(object({{"line", text(1, 8), false}, {"bytes_base64", base64(), false}}),
                       {"line", "bytes_base64"});
  Route journal;
  journal.path = "/v1/modems/{modem}/journal";
  journal.id = "getJournal";
  journal.parameters = {modem};
  journal.query = {{"since", integer(0, 1'000'000), "Events after it"},
                   {"kind", list_of(one_of({"command", "urc"})), "Only these"},
                   {"from", number(0, 1e6), "Seconds"},
                   {"text", text(), "Part of it"},
                   {"all", boolean(), "All of them"}};
  journal.handler = echo();
  Route faults{Method::post, "/v1/modems/{modem}/faults", "addFault", "", {modem}};
  faults.body = fault;
  faults.handler = echo();
  Route urcs{Method::post, "/v1/modems/{modem}/urc", "sendUrc", "", {modem}};
  urcs.body = urc;
  urcs.handler = echo();
  Route client{Method::get, "/v1/modems/{modem}/clients/{client}", "getClient", "", {modem}};
  client.parameters.push_back({"client", integer(0, 5), "A client"});
  client.handler = echo();
  Route all{Method::del, "/v1/modems/{modem}/faults", "deleteFaults", "", {modem}};
  all.handler = [](const Call&, const Responder& responder) { responder.no_content(); };
  Route broken{Method::get, "/v1/broken", "breakIt", ""};
  broken.handler = [](const Call&, const Responder&) { throw std::runtime_error("no good"); };
  Route literal{Method::get, "/v1/modems/{modem}/clients/all", "getClients", "", {modem}};
  literal.handler = [](const Call&, const Responder& responder) { responder.reply(200, "all"); };
  table.add({journal, faults, urcs, client, all, broken, literal});
  return table;
}

void refuses(const Request& request, const std::string& field, const std::string& detail) {
  const auto answer = ask(table(), request);
  CAPTURE(request.target, request.body, answer.reply.body);
  CHECK(answer.status == 400);
  CHECK(answer.reply.content_type == "application/problem+json");
  CHECK(answer.body.value("field", "") == field);
  CHECK(answer.body.value("detail", "").find(detail) != std::string::npos);
  CHECK(answer.body.at("title") == "Bad Request");
  CHECK(answer.body.at("status") == 400);
  CHECK(answer.body.at("type") == "about:blank");
}

Request post(const std::string& where, const std::string& body) {
  return {"POST", "/v1/modems/modem0/" + where, body};
}

}  // namespace

TEST_CASE("[CTL-12] parameters come converted as the row declares them") {
  const auto answer = ask(table(), {"GET",
                                    "/v1/modems/modem0/journal?since=7&kind=command,urc&from=1.5&"
                                    "text=a+b%2Fc&all=true"});
  CHECK(answer.status == 200);
  CHECK(answer.body.at("parameters") == json{{"modem", "modem0"}});
  CHECK(answer.body.at("query") == json{{"since", 7},
                                        {"kind", {"command", "urc"}},
                                        {"from", 1.5},
                                        {"text", "a b/c"},
                                        {"all", true}});
  CHECK(ask(table(), {"HEAD", "/v1/modems/modem0/journal"}).body.at("method") == "GET");
}

TEST_CASE("[CTL-3] parameters out of range are refused with their name and what is allowed") {
  const auto get = [](const std::string& query) {
    return Request{"GET", "/v1/modems/modem0/journal?" + query};
  };
  refuses(get("since=-1"), "since", "an integer from 0 to 1000000");
  refuses(get("since=1x"), "since", "an integer from 0 to 1000000");
  refuses(get("since="), "since", "an integer");
  refuses(get("from=nan"), "from", "a number from 0 to 1000000");
  refuses(get("from=inf"), "from", "a number");
  refuses(get("kind=command,rain"), "kind", "one of command, urc");
  refuses(get("all=yes"), "all", "true or false");
  refuses(get("limitt=3"), "limitt", "no query parameter 'limitt'");
  refuses(get("since=1&since=2"), "since", "twice");
  refuses({"GET", "/v1/modems/MODEM/journal"}, "modem", "a text like");
  refuses({"GET", "/v1/modems/modem0/clients/6"}, "client", "an integer from 0 to 5");
  refuses({"GET", "/v1/modems/%zz/journal"}, "", "no path");
  refuses({"GET", "*"}, "", "no path");
}

TEST_CASE("[CTL-9] bodies are checked member by member; unknown ones are named") {
  const auto good = ask(table(), post("faults", R"({"name":"f1","type":"reply-delay",)"
                                                R"("params":{"ms":700},"count":2})"));
  CHECK(good.status == 200);
  CHECK(good.body.at("body").at("params").at("ms") == 700);
  refuses(post("faults", R"({"name":"f1","type":"reply-drop","wen":1})"), "wen", "'wen'");
  refuses(post("faults", R"({"name":"f1","type":"reply-drop","params":{}})"), "params", "'params'");
  refuses(post("faults", R"({"name":"f1","type":"reply-delay","params":{"ms":1,"x":2}})"),
          "params.x", "'x' is not known here; allowed: ms");
  refuses(post("faults", R"({"name":"f1","type":"reply-delay","params":{"ms":60001}})"),
          "params.ms", "an integer from 0 to 60000");
  refuses(post("faults", R"({"name":"f1","type":"reply-delay"})"), "params", "is missing");
  refuses(post("faults", R"({"name":"f1","type":"flood"})"), "type",
          "one of reply-delay, reply-drop");
  refuses(post("faults", R"({"name":"f1"})"), "type", "is missing");
  refuses(post("faults", R"({"name":"F 1","type":"reply-drop"})"), "name", "a text like");
  refuses(post("faults", R"({"name":"f1","type":"reply-drop","count":1.5})"), "count",
          "an integer from 1 to 100");
  refuses(post("faults", "[]"), "", "an object");
  refuses(post("faults", ""), "", "a body is missing");
  refuses(post("faults", "{"), "", "not JSON");
  refuses(post("faults", "{\"name\":\"\xff\"}"), "", "not JSON");
  refuses(post("faults", "{\"name\":1e999}"), "", "not JSON");
  refuses(post("faults", std::string(500'000, '[')), "", "deeper than 32");
  refuses(post("faults", std::string(100, '[') + std::string(100, ']')), "", "deeper than 32");
}

TEST_CASE("a body of many small objects takes no longer than another") {
  std::string body = R"({"line":[{})";
  while (body.size() < 1'000'000) body += ",{}";
  refuses(post("urc", body + "]}"), "line", "a text");
  body = R"({"line":{"0":1)";
  for (int i = 1; body.size() < 1'000'000; ++i) body += ",\"" + std::to_string(i) + "\":{}";
  refuses(post("urc", body + "}}"), "line", "a text");
}

TEST_CASE("[CTL-8] of line and bytes exactly one has to be there") {
  CHECK(ask(table(), post("urc", R"({"line":"RING"})")).status == 200);
  CHECK(ask(table(), post("urc", R"({"line":"éééééééé"})")).status == 200);
  CHECK(ask(table(), post("urc", R"({"bytes_base64":"AAE="})")).status == 200);
  refuses(post("urc", "{}"), "line", "exactly one of line, bytes_base64");
  refuses(post("urc", R"({"line":"x","bytes_base64":""})"), "bytes_base64", "exactly one");
  refuses(post("urc", R"({"line":""})"), "line", "a text of 1 to 8 characters");
  refuses(post("urc", R"({"bytes_base64":"AAE"})"), "bytes_base64", "a text like");
}

TEST_CASE("[CTL-3] what is not there is 404, and another method 405 with those that are") {
  const auto nothing = ask(table(), {"GET", "/v1/nothing"});
  CHECK(nothing.status == 404);
  CHECK(nothing.body.at("title") == "Not Found");
  CHECK(ask(table(), {"GET", "/v1/modems/modem0/journal/"}).status == 404);
  CHECK(ask(table(), {"GET", "/v1/modems//journal"}).status == 404);
  const auto wrong = ask(table(), {"PATCH", "/v1/modems/modem0/faults"});
  CHECK(wrong.status == 405);
  using Header = std::pair<std::string, std::string>;
  CHECK(wrong.reply.headers == std::vector<Header>{{"Allow", "POST, DELETE"}});
  const auto get = ask(table(), {"BREW", "/v1/modems/modem0/journal"});
  CHECK(get.reply.headers == std::vector<Header>{{"Allow", "GET, HEAD"}});
  CHECK(ask(table(), {"DELETE", "/v1/modems/modem0/faults"}).status == 204);
  CHECK(ask(table(), {"DELETE", "/v1/modems/modem0/faults", "{}"}).status == 204);
  CHECK(ask(table(), {"DELETE", "/v1/modems/modem0/faults", R"({"a":1})"}).status == 400);
}

TEST_CASE("[CTL-3] a literal path goes before a parameter, and a handler that throws is a 500") {
  CHECK(ask(table(), {"GET", "/v1/modems/modem0/clients/all"}).body == "all");
  const auto broken = ask(table(), {"GET", "/v1/broken"});
  CHECK(broken.status == 500);
  CHECK(broken.body.at("detail") == "no good");
}

TEST_CASE("[CTL-4] modems are found by name, the first one also as default") {
  struct Modem : ControlledModem {
    explicit Modem(std::string own) : own_name(std::move(own)) {}
    std::string own_name;
    std::string name() const override { return own_name; }
    std::string model() const override { return "EG916Q"; }
    std::string imei() const override { return ""; }
    // Nobody asks for more here.
    void run(const std::function<void()>& action) override { action(); }
    at::Timeline& timeline() override { std::abort(); }
    emulator::Pump& pump() override { std::abort(); }
    emulator::Modem& modem() override { std::abort(); }
    emulator::journal::Journal& journal() override { std::abort(); }
    emulator::faults::FaultInjector& injector() override { std::abort(); }
    OwnChannels& own_channels() override { std::abort(); }
    bool has_host(std::string_view) const override { std::abort(); }
    const Metrics& metrics() const override { std::abort(); }
    Backlog backlog(std::string_view) const override { std::abort(); }
    const emulator::device::FileSizes& files() const override { std::abort(); }
    const cellular::Knobs& knobs() const override { std::abort(); }
  };
  struct Two : Fleet {
    mutable Modem first{"modem0"};
    mutable Modem second{"modem1"};
    bool is_ready = true;
    bool ready() const override { return is_ready; }
    std::vector<ControlledModem*> modems() const override { return {&first, &second}; }
  };
  Two fleet;
  CHECK(find_modem(fleet, "default") == &fleet.first);
  CHECK(find_modem(fleet, "modem1") == &fleet.second);
  CHECK(find_modem(fleet, "modem2") == nullptr);
  RouteTable routes;
  Route route{Method::get, "/v1/modems/{modem}", "getModem", "", {modem_parameter()}};
  route.handler = for_modem(fleet, [](ControlledModem& modem, const Call&, const Responder& to) {
    to.reply(200, modem.name());
  });
  routes.add({route});
  CHECK(ask(routes, {"GET", "/v1/modems/default"}).body == "modem0");
  CHECK(ask(routes, {"GET", "/v1/modems/modem1"}).body == "modem1");
  CHECK(ask(routes, {"GET", "/v1/modems/modem2"}).status == 404);
  fleet.is_ready = false;
  CHECK(ask(routes, {"GET", "/v1/modems/default"}).status == 503);
}

TEST_CASE("[CTL-1] addresses of the control interface") {
  CHECK(parse_control_address("5000")->port == 5000);
  CHECK(parse_control_address("5000")->host == "127.0.0.1");
  CHECK(parse_control_address("localhost:0")->host == "localhost");
  CHECK(parse_control_address("[::1]:80")->host == "::1");
  CHECK(parse_control_address("unix:/tmp/x")->path == "/tmp/x");
  for (const auto* wrong : {"", "x", "65536", "-1", "::1:80", ":80", "[]:80", "a:", "unix:"})
    CHECK_FALSE(parse_control_address(wrong));
  CHECK_FALSE(parse_control_address("unix:/" + std::string(108, 'x')));
}
