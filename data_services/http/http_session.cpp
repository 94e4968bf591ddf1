#include "data_services/http/http_session.hpp"

#include <utility>

#include <fmt/format.h>

namespace data_services {

using at::Outcome;
using cellular::Knob;

namespace {

Outcome refuse(HttpError error) { return Outcome::cme(code(error)); }

}  // namespace

HttpSession::HttpSession(ServiceWorld world)
    : world_(std::move(world)), speaker_(world_.announce), exchange_(world_, [this] {
        if (settings_.tells_closed) speaker_.urc("+QHTTPURC: \"closed\"");
      }) {}

std::optional<HttpError> HttpSession::obstacle() {
  if (!data_phase_.expired()) return HttpError::uart_busy;
  // The port that had it is gone.
  if (stage_ == Stage::entering) stop();
  if (stage_ != Stage::idle) return HttpError::busy;
  return std::nullopt;
}

std::optional<HttpError> HttpSession::begin(Request request) {
  if (const auto why = obstacle()) return why;
  if (unread_ && world_.knobs.is_set(Knob::http_unread)) return HttpError::busy;
  if (settings_.url.empty()) return HttpError::url_missing;
  url_ = *parse_url(settings_.url);
  request_ = std::move(request);
  redirects_ = 0;
  unread_ = false;
  stage_ = Stage::running;
  return std::nullopt;
}

Outcome HttpSession::perform(Request request) {
  if (const auto why = begin(std::move(request))) return refuse(*why);
  reach();
  return accepted();
}

Outcome HttpSession::perform(Request request, const Entry& entry) {
  if (const auto why = begin(std::move(request))) return refuse(*why);
  result_ = std::make_shared<at::Later>();
  exchange_.connect(server(), request_.result, [this, entry](HttpError error) {
    const auto later = std::exchange(result_, nullptr);
    stage_ = error == HttpError::none ? Stage::entering : Stage::idle;
    if (error != HttpError::none) return later->settle_with(refuse(error));
    const auto taken = [this](std::string data) { return entered(std::move(data)); };
    later->settle_with(Outcome::prompt(prompt_for(entry, taken, [this] { stop(); })));
  });
  return Outcome::later(result_);
}

/// OK before the result; or the result is the final one, where it fails (HTTP-33).
Outcome HttpSession::accepted() {
  if (!world_.knobs.is_set(Knob::http_error_form)) return Outcome::ok();
  result_ = std::make_shared<at::Later>();
  return Outcome::later(result_);
}

/// Whoever drops the prompt ends the data phase with it. What comes short was ended by "+++" or
/// DTR.
at::Prompt HttpSession::prompt_for(const Entry& entry, Taken taken,
                                   std::function<void()> given_up) {
  auto phase = std::make_shared<char>();
  data_phase_ = phase;
  at::Prompt prompt;
  prompt.introduction = at::Prompt::Introduction::connect;
  prompt.ending = at::Prompt::Ending::length_or_leave;
  prompt.echo = at::Prompt::Echo::never;
  prompt.length = entry.length;
  prompt.timeout = entry.limit;
  prompt.then = [this, phase, taken = std::move(taken), given_up,
                 length = entry.length](std::string data) {
    data_phase_.reset();
    if (data.size() == length) return taken(std::move(data));
    given_up();
    return Outcome::ok();
  };
  prompt.expired = [this, given_up](const std::string&) {
    data_phase_.reset();
    given_up();
    return refuse(HttpError::input_timeout);
  };
  return prompt;
}

Outcome HttpSession::entered(std::string data) {
  const bool lacks_head = settings_.raw_request && data.find("\r\n\r\n") == std::string::npos;
  if (lacks_head && world_.knobs.is_set(Knob::raw_header_check)) {
    stop();
    return refuse(HttpError::encode);
  }
  (request_.raw ? request_.raw : request_.message.body) = std::move(data);
  stage_ = Stage::running;
  ask();
  return accepted();
}

Outcome HttpSession::enter_url(const Entry& entry) {
  if (const auto why = obstacle()) return refuse(*why);
  const auto taken = [this](std::string url) {
    return set_url(std::move(url)) ? Outcome::ok() : refuse(HttpError::url);
  };
  return Outcome::prompt(prompt_for(entry, taken, [] {}));
}

bool HttpSession::set_url(std::string url) {
  if (!parse_url(url)) return false;
  settings_.url = std::move(url);
  return true;
}

HttpExchange::Server HttpSession::server() const {
  return {url_.host, url_.port, url_.secure ? std::optional(settings_.ssl_ctx) : std::nullopt,
          settings_.cid};
}

std::string HttpSession::wire() const {
  if (request_.raw) return *request_.raw;
  return compose(request_.message, url_, settings_, user_agent(world_.knobs));
}

void HttpSession::reach() {
  exchange_.connect(server(), request_.result, [this](HttpError error) {
    if (error == HttpError::none) return ask();
    conclude(error);
  });
}

void HttpSession::ask() {
  exchange_.ask(wire(), request_.patience, [this](HttpError error) {
    if (error == HttpError::none) return answered();
    conclude(error);
  });
}

bool HttpSession::follows(const codec::HttpHead& head) const {
  enum Policy { absolute, none, all };
  return is_redirection(head.status) && head.location && !request_.raw &&
         world_.knobs.get(Knob::redirect) != none;
}

void HttpSession::answered() {
  const auto& head = exchange_.head();
  if (!follows(head)) return conclude(HttpError::none);
  constexpr int keep_method_from = 307;
  auto& message = request_.message;
  if (head.status < keep_method_from && message.body) {
    message.method = "GET";
    message.body.reset();
  }
  redirect(*head.location);
}

void HttpSession::redirect(const std::string& location) {
  constexpr int all = 2;
  const bool allowed = is_absolute_url(location) || world_.knobs.get(Knob::redirect) == all;
  const auto target = resolve_url(url_, location);
  if (!allowed || !target || ++redirects_ > max_redirects) {
    exchange_.cut();
    return conclude(HttpError::url);
  }
  url_ = *target;
  reach();
}

void HttpSession::conclude(HttpError error) {
  stage_ = Stage::idle;
  unread_ = error == HttpError::none;
  auto line = fmt::format("{}: {}", request_.result, code(error));
  if (unread_) {
    line += fmt::format(",{}", exchange_.head().status);
    if (const auto length = exchange_.head().length) line += fmt::format(",{}", *length);
  }
  request_.message.body.reset();
  request_.raw.reset();
  if (const auto waiting = std::exchange(result_, nullptr)) {
    waiting->settle_with(unread_ ? Outcome::ok() : refuse(error));
    if (!unread_) return;
  }
  speaker_.result(request_.asker, std::move(line));
  if (unread_ && settings_.prints_response) print();
}

void HttpSession::stop() {
  speaker_.fall_silent();
  exchange_.cut();
  stage_ = Stage::idle;
  unread_ = false;
  request_ = {};
  if (const auto waiting = std::exchange(result_, nullptr))
    waiting->settle_with(refuse(HttpError::unknown));
}

void HttpSession::reset() {
  result_.reset();
  stop();
  data_phase_.reset();
  settings_ = {};
}

std::string_view HttpSession::activity() const {
  switch (stage_) {
    case Stage::running:
      return "requesting";
    case Stage::entering:
      return "entering";
    case Stage::reading:
      return "reading";
    case Stage::idle:
      break;
  }
  return unread_ ? "unread" : "idle";
}

std::optional<std::string> HttpSession::busy() const {
  if (stage_ != Stage::idle) return "an HTTP request is under way";
  if (unread_) return "an HTTP response has not been read";
  return std::nullopt;
}

}  // namespace data_services
