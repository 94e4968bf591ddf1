// One run of `eg91xq ctl`: the modem that it is about, and how a command talks to it. Made by
// run(), handed to the command. Finds the modem when the first request is made.
#pragma once

#include "emulator/ctl/address.hpp"
#include "emulator/ctl/http_client.hpp"

#include <initializer_list>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace emulator::ctl {

struct Settings {
  Finding finding;
  std::string modem = "default";
  bool json = false;  // the server's answer as it is, in place of text
};

class Session {
 public:
  explicit Session(const Settings& settings) : settings_(settings) {}

  [[nodiscard]] bool json() const { return settings_.json; }

  /// "/v1/modems/NAME" and `tail`.
  [[nodiscard]] std::string path(const std::string& tail = {}) const;

  /// Asks for JSON. An answer that is neither a success nor one of `taken` throws Failure with what
  /// is wrong, and where.
  Response ask(const Request& request, std::initializer_list<unsigned> taken = {});
  Response get(const std::string& target) { return ask({.target = target}); }
  Response send(const std::string& method, const std::string& target, const nlohmann::json& body);

  /// The answer line by line, as HttpClient::follow(). Throws Failure when it is refused, and when
  /// the server ends it unless it `may_end`.
  void follow(const Request& request, const std::function<bool(const std::string& line)>& show,
              bool may_end = false);

 private:
  HttpClient& client();

  const Settings& settings_;
  std::optional<HttpClient> client_;
};

/// A body that came. Throws Failure when it is no JSON.
[[nodiscard]] nlohmann::json parsed(const Response& response);

/// `text` as part of a path or a query.
[[nodiscard]] std::string percent_encoded(const std::string& text);

}  // namespace emulator::ctl
