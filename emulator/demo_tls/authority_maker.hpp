// Makes the demo's authority in a child process: drawing keys and signing would leave megabytes of
// the cryptographic library in a program that may never speak TLS. Owned by the TlsFront;
// io_context thread only.
#pragma once

#include <sys/types.h>

#include <array>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/readable_pipe.hpp>

namespace emulator {

class AuthorityMaker {
 public:
  /// `pem` is DemoAuthority's; empty when none could be made.
  using Made = std::function<void(std::string pem)>;

  explicit AuthorityMaker(boost::asio::io_context& io) : from_child_(io) {}
  /// Ends the child.
  ~AuthorityMaker() { stop(); }
  AuthorityMaker(const AuthorityMaker&) = delete;
  AuthorityMaker& operator=(const AuthorityMaker&) = delete;

  /// `made` is called once, later, unless stop() comes first. Returns why no child can be had.
  [[nodiscard]] std::optional<std::string> start(Made made);
  void stop();

 private:
  void read();
  void end();

  boost::asio::readable_pipe from_child_;
  std::array<char, 4096> buffer_{};
  std::string pem_;
  Made made_;
  pid_t child_ = -1;
};

}  // namespace emulator
