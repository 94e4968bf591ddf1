// A host that asks web servers for pages at random: GET, ranges and POST, redirects, bodies of
// every framing, read, put into a file or left alone. Servers refuse, are silent, break off at any
// byte; contexts go, the module is reset. It knows what each request is on the wire, each result,
// and each byte of a body; and after every trouble the next good request succeeds.
#pragma once

#include "tests/sim/dialogue.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace sim {

class HttpRequests : private Dialogue {
 public:
  explicit HttpRequests(Dice dice);

  /// So many requests. Throws a Violation.
  void run(int requests);

  using Dialogue::story;
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }
  [[nodiscard]] std::uint64_t troubles() const { return troubles_; }

 private:
  enum class Framing { length, chunked, until_end };
  enum class Trouble {
    none,
    refused,
    unanswered,
    silent,
    cut_head,
    cut_body,
    pause,
    nonsense,
    context_lost,
    stopped,
    reset
  };
  struct Response {
    int status = 200;
    std::string body{};
    Framing framing = Framing::length;
    bool keeps = true;
    std::string head{};
    std::string wire{};
  };

  void request(Trouble trouble);
  void ask();
  void ask_by_post();
  void expect_failure(int code);
  /// True when nothing comes of the request.
  [[nodiscard]] bool fails_to_connect();
  /// To another place; what is asked there is the same.
  void redirect();
  void answer();
  [[nodiscard]] bool fails_to_answer();
  void use();
  void read();
  void read_file();
  /// How the body ends, once all of it that comes has come: the code.
  [[nodiscard]] int end_body();

  void draw_response();
  void frame(Response& response);
  void serve(std::size_t most);
  void end_connection();
  void lose_context();
  void activate();
  void wait(int seconds);
  /// The request as it stands.
  [[nodiscard]] std::string wire() const;
  [[nodiscard]] bool reuses() const;
  [[nodiscard]] std::size_t& wanted() { return world_.transport.wanted[number_]; }

  bool activated_ = false;
  std::string host_;  // of the request
  std::string path_;
  std::string posted_;        // its body
  std::optional<int> range_;  // first byte of sixteen
  bool posts_ = false;        // as the host sees it
  std::string method_;        // on the wire
  Trouble trouble_ = Trouble::none;
  Response response_;
  std::size_t served_ = 0;  // bytes of its wire
  std::size_t number_ = 0;  // of the connection
  std::size_t made_ = 0;    // connections
  bool stands_ = false;     // the connection
  bool is_free_ = false;    // its response is there to the end
  std::string server_;      // that it leads to
  std::string file_;        // what was last read into it
  std::uint64_t bytes_read_ = 0;
  std::uint64_t troubles_ = 0;
};

}  // namespace sim
