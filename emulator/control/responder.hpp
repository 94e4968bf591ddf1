// The answer to one request, given at once or later: whole, or as a stream. A handler keeps copies
// of its Responder for as long as it has something to say; when the last one is gone without an
// answer, the client gets 500. io thread only.
#pragma once

#include "emulator/control/problem.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace emulator::control {

/// An answer that goes on. Ends when close() is called, when its client leaves, or when the client
/// does not read and more than the server's limit of bytes waits. The last owner's end closes it.
class Stream {
 public:
  Stream() = default;
  virtual ~Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Queues bytes. Without effect once it has ended.
  virtual void write(std::string bytes) = 0;

  /// `closed` is told that the stream has ended without close(). Never from inside a call.
  virtual void on_closed(std::function<void()> closed) = 0;

  /// `drained` is told each time when all that was written has gone out: who has more than the
  /// limit to say waits for it. Never from inside a call.
  virtual void on_drained(std::function<void()> drained) = 0;

  /// Ends it; what was written still goes out.
  virtual void close() = 0;

  [[nodiscard]] virtual bool is_open() const = 0;
};

/// A whole answer.
struct Reply {
  int status = 200;
  std::string content_type{};  // empty: there is no body
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
};

[[nodiscard]] inline Reply to_reply(const Problem& problem) {
  return {problem.status, std::string(problem_content), to_text(document(problem))};
}

/// The other side of a Responder. Implemented by the HTTP connection, and by tests.
class Exchange {
 public:
  Exchange() = default;
  virtual ~Exchange() = default;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// The first answer counts, further ones have no effect.
  virtual void answer(Reply reply) = 0;
  /// Answers 200 with what is written later. Never null.
  virtual std::shared_ptr<Stream> stream(const std::string& content_type) = 0;
  virtual void on_gone(std::function<void()> gone) = 0;
};

class Responder {
 public:
  explicit Responder(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}

  /// Answers with a JSON document.
  void reply(int status, const nlohmann::json& json) const {
    exchange_->answer({status, "application/json", to_text(json)});
  }
  /// Answers with text of another type.
  void text(int status, std::string content_type, std::string text) const {
    exchange_->answer({status, std::move(content_type), std::move(text)});
  }
  /// Answers 204.
  void no_content() const { exchange_->answer({204}); }
  void problem(const Problem& problem) const { exchange_->answer(to_reply(problem)); }
  /// Answers with headers of one's own.
  void answer(Reply reply) const { exchange_->answer(std::move(reply)); }

  /// Answers 200 and goes on. A stream that cannot be had any more is one that has ended.
  [[nodiscard]] std::shared_ptr<Stream> stream(const std::string& content_type) const {
    return exchange_->stream(content_type);
  }

  /// `gone` is told that the client left before it was answered. Never from inside a call.
  void on_gone(std::function<void()> gone) const { exchange_->on_gone(std::move(gone)); }

 private:
  std::shared_ptr<Exchange> exchange_;
};

}  // namespace emulator::control
