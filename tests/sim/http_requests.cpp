#include "tests/sim/http_requests.hpp"

#include "tests/sim/ledger.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace sim {
namespace {

constexpr auto ok = "\r\nOK\r\n";
constexpr int patience = 60;  // seconds, of results and of pauses inside a body
constexpr int connect_patience = 30;
constexpr std::size_t window = 4096;
constexpr std::size_t longest_body = 12'000;
constexpr int range_size = 16;

}  // namespace

HttpRequests::HttpRequests(Dice dice) : Dialogue(dice) {}

void HttpRequests::run(int requests) {
  constexpr int kinds = static_cast<int>(Trouble::reset);
  for (int i = 0; i < requests; ++i) {
    const auto trouble = static_cast<Trouble>(dice_.permille(500) ? 0 : dice_.in(1, kinds));
    request(trouble);
    if (trouble != Trouble::none) request(Trouble::none);
    if (dice_.permille(200)) wait(dice_.in(1, 200));
    // A server may close a connection that nobody uses.
    if (stands_ && is_free_ && dice_.permille(200)) end_connection();
  }
}

void HttpRequests::request(Trouble trouble) {
  if (!activated_) activate();
  trouble_ = trouble;
  if (trouble != Trouble::none) ++troubles_;
  host_ = dice_.permille(500) ? "one" : "two";
  path_ = fmt::format("/{}", dice_.in(0, 9));
  draw_response();
  command(fmt::format("AT+QHTTPCFG=\"url\",\"http://{}{}\"", host_, path_));
  expect(ok);
  posts_ = dice_.permille(300);
  range_.reset();
  if (!posts_ && dice_.permille(200)) range_ = dice_.in(0, 99);
  method_ = posts_ ? "POST" : "GET";
  posts_ ? ask_by_post() : ask();
}

std::string HttpRequests::wire() const {
  auto text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", method_, path_, host_);
  if (range_) text += fmt::format("Range: bytes={}-{}\r\n", *range_, *range_ + range_size - 1);
  text += "User-Agent: QUECTEL_MODULE\r\nAccept: */*\r\nConnection: Keep-Alive\r\n";
  if (method_ == "POST")
    text += fmt::format("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
                        posted_.size());
  return text + "\r\n" + (method_ == "POST" ? posted_ : "");
}

bool HttpRequests::reuses() const { return stands_ && is_free_ && server_ == host_; }

void HttpRequests::ask() {
  command(range_ ? fmt::format("AT+QHTTPGETEX={},{},{}", patience, *range_, range_size)
                 : fmt::format("AT+QHTTPGET={}", patience));
  expect(ok);
  if (!reuses() && fails_to_connect()) return;
  asked(number_, "send " + support::in_quotes(wire()));
  answer();
}

void HttpRequests::ask_by_post() {
  posted_ = dice_.bytes(1, 600, false);
  // The LF that a line may end with is none of the payload's.
  if (posted_.front() == '\n') posted_.front() = '.';
  command(fmt::format("AT+QHTTPPOST={},60,{}", posted_.size(), patience));
  if (!reuses() && fails_to_connect()) return;
  expect("\r\nCONNECT\r\n");
  type(posted_);
  expect(ok);
  asked(number_, "send " + support::in_quotes(wire()));
  answer();
}

void HttpRequests::expect_failure(int code) {
  listen();
  stands_ = is_free_ = false;
  expect(fmt::format("\r\n+QHTTP{}: {}\r\n", posts_ ? "POST" : "GET", code));
}

bool HttpRequests::fails_to_connect() {
  number_ = made_++;
  asked(number_, fmt::format("connect {} 80", host_));
  stands_ = true;
  is_free_ = false;
  server_ = host_;
  const auto refuse = [this](int code) {
    listen();
    stands_ = false;
    expect(fmt::format("\r\n{}: {}\r\n", posts_ ? "+CME ERROR" : "+QHTTPGET", code));
    return true;
  };
  const auto events = *world_.transport.events(number_);
  if (trouble_ == Trouble::refused) {
    events.failed(data_services::OpenFailure::refused);
    return refuse(716);
  }
  if (trouble_ == Trouble::unanswered) {
    wait(connect_patience);
    return refuse(716);
  }
  if (trouble_ == Trouble::context_lost && dice_.permille(300)) {
    lose_context();
    return refuse(709);
  }
  if (trouble_ == Trouble::stopped && !posts_ && dice_.permille(300)) {
    command("AT+QHTTPSTOP");
    stands_ = false;
    expect(ok);
    return true;
  }
  events.opened({"10.0.0.1", 1025});
  listen();
  return false;
}

void HttpRequests::redirect() {
  constexpr std::array<int, 5> statuses{301, 302, 303, 307, 308};
  const int status = dice_.one_of(statuses);
  const auto to = std::string(dice_.permille(500) ? "one" : "two");
  path_ = fmt::format("/{}", dice_.in(10, 19));
  response_ = {};
  response_.keeps = dice_.permille(500);
  response_.wire =
      fmt::format("HTTP/1.1 {} Go\r\nLocation: http://{}{}\r\n{}Content-Length: 0\r\n\r\n", status,
                  to, path_, response_.keeps ? "" : "Connection: close\r\n");
  served_ = 0;
  tell(fmt::format("{} leads to {}{}", status, to, path_));
  serve(response_.wire.size());
  if (status < 307) method_ = "GET";
  host_ = to;
  is_free_ = response_.keeps;
  if (!reuses()) {
    number_ = made_++;
    asked(number_, fmt::format("connect {} 80", host_));
    server_ = host_;
    const auto events = *world_.transport.events(number_);
    events.opened({"10.0.0.1", 1025});
    listen();
  }
  is_free_ = false;
  asked(number_, "send " + support::in_quotes(wire()));
}

void HttpRequests::answer() {
  is_free_ = false;
  if (trouble_ == Trouble::none && dice_.permille(200)) {
    auto final = response_;
    for (int left = dice_.in(1, 3); left > 0; --left) redirect();
    response_ = std::move(final);
  }
  served_ = 0;
  if (fails_to_answer()) return;
  const auto cut = trouble_ == Trouble::cut_body ? dice_.in(0, static_cast<int>(window)) : 0;
  const auto body_size = response_.wire.size() - response_.head.size();
  if (trouble_ == Trouble::cut_body && body_size > 0)
    response_.wire.resize(response_.head.size() + static_cast<std::size_t>(cut) % body_size);
  serve(response_.wire.size());
  const auto length = response_.framing == Framing::length
                          ? fmt::format(",{}", response_.body.size())
                          : std::string();
  expect(
      fmt::format("\r\n+QHTTP{}: 0,{}{}\r\n", posts_ ? "POST" : "GET", response_.status, length));
  use();
}

bool HttpRequests::fails_to_answer() {
  const auto part =
      static_cast<std::size_t>(dice_.in(0, static_cast<int>(response_.head.size()) - 1));
  switch (trouble_) {
    case Trouble::silent:
      serve(part);
      wait(patience);
      expect_failure(728);
      return true;
    case Trouble::cut_head:
      // A connection that has carried something, and ends before a word, is taken for a stale one.
      serve(std::max<std::size_t>(1, part));
      end_connection();
      expect_failure(719);
      return true;
    case Trouble::nonsense:
      response_.wire = "SSH-2.0-OpenSSH_9.2\r\n\r\n";
      serve(response_.wire.size());
      expect_failure(723);
      return true;
    case Trouble::context_lost:
      serve(part);
      lose_context();
      expect_failure(709);
      return true;
    case Trouble::stopped:
      serve(part);
      command("AT+QHTTPSTOP");
      stands_ = false;
      expect(ok);
      return true;
    case Trouble::reset:
      serve(part);
      restart();
      stands_ = activated_ = false;
      return true;
    default:
      return false;
  }
}

void HttpRequests::use() {
  switch (dice_.in(0, 9)) {
    case 0:  // nobody reads it
      is_free_ = stands_ && served_ == response_.wire.size() && response_.keeps;
      if (trouble_ == Trouble::cut_body || response_.framing == Framing::until_end)
        is_free_ = false;
      if (stands_ && !response_.keeps) is_free_ = false;
      return;
    case 1:
      command("AT+QHTTPSTOP");
      expect(ok);
      stands_ = false;
      return;
    case 2:
    case 3:
    case 4:
      return read_file();
    default:
      return read();
  }
}

/// The body to its end, or as far as it comes.
int HttpRequests::end_body() {
  if (trouble_ == Trouble::pause && response_.wire.size() > response_.head.size()) {
    // The last byte does not come.
    if (served_ == response_.wire.size()) trouble_ = Trouble::none;
  }
  const auto last = response_.wire.size() - (trouble_ == Trouble::pause ? 1 : 0);
  serve(last);
  if (trouble_ == Trouble::pause) {
    wait(patience);
    stands_ = false;
    return 722;
  }
  if (trouble_ == Trouble::cut_body) {
    const bool finishes = dice_.permille(500);
    const auto events = *world_.transport.events(number_);
    tell(finishes ? "the server finishes" : "the server resets");
    events.ended(finishes ? data_services::Ending::finished : data_services::Ending::reset);
    stands_ = false;
    return response_.framing == Framing::until_end && finishes ? 0 : 719;
  }
  if (response_.framing == Framing::until_end) {
    const auto events = *world_.transport.events(number_);
    events.ended(data_services::Ending::finished);
    stands_ = false;
    return 0;
  }
  is_free_ = response_.keeps;
  stands_ = response_.keeps;
  return 0;
}

void HttpRequests::read() {
  command(fmt::format("AT+QHTTPREAD={}", patience));
  expect("\r\nCONNECT\r\n");
  const int code = end_body();
  listen();
  const auto tail = fmt::format("\r\nOK\r\n\r\n+QHTTPREAD: {}\r\n", code);
  if (code == 0 && trouble_ == Trouble::none) {
    expect(response_.body + tail);
    bytes_read_ += response_.body.size();
    command("AT+QHTTPREAD");
    return expect("\r\n+CME ERROR: 705\r\n");
  }
  const auto end = said_.rfind(tail);
  if (end == std::string::npos) throw Violation("no " + tail + " but " + said_);
  const auto body = std::exchange(said_, {}).substr(0, end);
  if (!response_.body.starts_with(body)) throw Violation("the body is not the server's");
}

void HttpRequests::read_file() {
  command(fmt::format("AT+QHTTPREADFILE=\"UFS:page\",{}", patience));
  expect(ok);
  const int code = end_body();
  listen();
  expect(fmt::format("\r\n+QHTTPREADFILE: {}\r\n", code));
  const auto stands = world_.files.read("page").value_or("");
  if (code != 0 && stands != file_) throw Violation("a file is replaced by a part");
  if (code == 0 && !response_.body.starts_with(stands)) throw Violation("the file is another");
  if (code == 0 && trouble_ == Trouble::none && stands != response_.body)
    throw Violation("the file is not whole");
  file_ = stands;
  bytes_read_ += stands.size();
}

void HttpRequests::draw_response() {
  constexpr std::array<int, 6> statuses{200, 200, 200, 206, 404, 500};
  response_ = {};
  response_.status = dice_.one_of(statuses);
  response_.framing = static_cast<Framing>(dice_.in(0, 2));
  response_.keeps = response_.framing != Framing::until_end && dice_.permille(800);
  const bool is_long = dice_.permille(200);
  response_.body = dice_.bytes(1, is_long ? static_cast<int>(longest_body) : 200, false);
  frame(response_);
}

void HttpRequests::frame(Response& response) {
  auto& head = response.head;
  head = fmt::format("HTTP/1.1 {} Words\r\nX-Any: {}\r\n", response.status, dice_.in(0, 99));
  if (!response.keeps) head += "Connection: close\r\n";
  auto body = response.body;
  if (response.framing == Framing::length)
    head += fmt::format("Content-Length: {}\r\n", body.size());
  if (response.framing == Framing::chunked) {
    head += "Transfer-Encoding: chunked\r\n";
    std::string chunks;
    while (!body.empty()) {
      const auto size = std::min(body.size(), static_cast<std::size_t>(dice_.in(1, 3000)));
      chunks += fmt::format("{:x}\r\n{}\r\n", size, body.substr(0, size));
      body.erase(0, size);
    }
    body = chunks + "0\r\n\r\n";
  }
  head += "\r\n";
  response.wire = head + body;
}

/// Up to byte `most` of the response, as far as the module wants it.
void HttpRequests::serve(std::size_t most) {
  while (served_ < most && wanted() > 0 && world_.transport.events(number_) != nullptr) {
    if (wanted() > window) throw Violation("it wants more than a window");
    const auto size =
        std::min({most - served_, wanted(),
                  static_cast<std::size_t>(dice_.in(1, dice_.permille(500) ? 7 : 3000))});
    const auto events = *world_.transport.events(number_);
    wanted() -= size;
    events.arrived({response_.wire.substr(served_, size)});
    served_ += size;
    listen();
  }
}

void HttpRequests::end_connection() {
  const bool finishes = dice_.permille(500);
  tell(finishes ? "the server finishes" : "the server resets");
  const auto events = *world_.transport.events(number_);
  events.ended(finishes ? data_services::Ending::finished : data_services::Ending::reset);
  stands_ = is_free_ = false;
  listen();
}

void HttpRequests::lose_context() {
  tell("the network takes context 1");
  world_.modem.device().pdp().deactivated({1});
  activated_ = false;
  listen();
  const std::string urc = "\r\n+QIURC: \"pdpdeact\",1\r\n";
  const auto place = said_.find(urc);
  if (place == std::string::npos) throw Violation("no \"pdpdeact\"");
  said_.erase(place, urc.size());
}

void HttpRequests::activate() {
  command("AT+QIDEACT=1");
  expect(ok);
  command("AT+QIACT=1");
  expect(ok);
  activated_ = true;
}

void HttpRequests::wait(int seconds) {
  tell(fmt::format("{} s pass", seconds));
  world_.timeline.run_until(world_.timeline.now() + std::chrono::seconds(seconds));
  listen();
}

}  // namespace sim
