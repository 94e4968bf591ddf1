// The one HTTP(S) session of the module (data services 8): the URL and what else is set, requests
// with their redirects, what a response is read into, and the results of all that. Owned by the
// Modem.
#pragma once

#include "at_engine/call.hpp"
#include "at_engine/outcome.hpp"
#include "data_services/http/http_exchange.hpp"
#include "data_services/http/http_request.hpp"
#include "data_services/http/http_settings.hpp"
#include "data_services/http/http_url.hpp"
#include "data_services/service_world.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace data_services {

class HttpSession {
 public:
  /// Redirects that are followed in a row.
  static constexpr int max_redirects = 10;

  struct Request {
    at::Asker asker;
    std::string_view result;  // "+QHTTPGET"; of static storage
    HttpMessage message;
    at::Duration patience;             // until the head of the response
    std::optional<std::string> raw{};  // the whole request, instead of the message
  };
  /// What the host enters of a request behind CONNECT.
  struct Entry {
    std::size_t length;  // bytes
    at::Duration limit;
  };

  explicit HttpSession(ServiceWorld world);
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  [[nodiscard]] HttpSettings& settings() { return settings_; }
  [[nodiscard]] const ServiceWorld& world() const { return world_; }

  /// What keeps the host from asking for something now: a data phase (704), or a request (703).
  [[nodiscard]] std::optional<HttpError> obstacle();

  /// OK, and the result later; or what keeps it from being done.
  [[nodiscard]] at::Outcome perform(Request request);
  /// CONNECT once there is a connection; the entry becomes the body, or the raw request.
  [[nodiscard]] at::Outcome perform(Request request, const Entry& entry);
  [[nodiscard]] at::Outcome enter_url(const Entry& entry);
  /// False when it is none.
  [[nodiscard]] bool set_url(std::string url);

  /// The response that has not been read goes to the host, or into a file. `gap` is the longest
  /// pause of the server.
  [[nodiscard]] at::Outcome read(at::Asker asker, at::Duration gap);
  [[nodiscard]] at::Outcome read_file(at::Asker asker, const std::string& name, at::Duration gap);

  /// Whatever is under way ends without a word.
  void stop();
  /// The module stops: what was set is forgotten too.
  void reset();

  /// "idle", "requesting", "entering" (the host enters a URL or a body), "unread" (a response waits
  /// for the host) or "reading"; for a person.
  [[nodiscard]] std::string_view activity() const;

  /// What is under way, if anything is.
  [[nodiscard]] std::optional<std::string> busy() const;

 private:
  enum class Stage { idle, running, entering, reading };
  class ToHost;
  class ToFile;
  class ToUrcs;

  [[nodiscard]] std::optional<HttpError> begin(Request request);
  [[nodiscard]] at::Outcome accepted();
  using Taken = std::function<at::Outcome(std::string data)>;
  [[nodiscard]] at::Prompt prompt_for(const Entry& entry, Taken taken,
                                      std::function<void()> given_up);
  [[nodiscard]] at::Outcome entered(std::string data);
  [[nodiscard]] HttpExchange::Server server() const;
  [[nodiscard]] std::string wire() const;
  void reach();
  void ask();
  void answered();
  [[nodiscard]] bool follows(const codec::HttpHead& head) const;
  void redirect(const std::string& location);
  void conclude(HttpError error);
  void print();
  void read_into(std::shared_ptr<BodySink> sink, at::Duration gap, HttpExchange::Done done);
  [[nodiscard]] std::optional<HttpError> unreadable();

  ServiceWorld world_;
  at::Speaker speaker_;
  HttpSettings settings_;
  HttpExchange exchange_;
  Stage stage_ = Stage::idle;
  bool unread_ = false;  // there is a response, and nobody has read it
  Request request_{};
  HttpUrl url_;  // where the request goes now
  int redirects_ = 0;
  std::shared_ptr<at::Later> result_;  // of the command that waits for a connection, or for the end
  std::weak_ptr<void> data_phase_;     // lives as long as a port has it
};

}  // namespace data_services
