#include "emulator/demo_tls/authority_maker.hpp"

#include "emulator/demo_tls/demo_authority.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace emulator {
namespace {

/// Nobody in the child may call what the parent's other threads could have held locked.
[[noreturn]] void make_and_exit(int to_parent) {
  const auto authority = DemoAuthority::make();
  const auto pem = authority ? authority->pem() : std::string();
  std::string_view left = pem;
  while (!left.empty()) {
    const auto written = ::write(to_parent, left.data(), left.size());
    if (written <= 0) break;
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  ::_exit(left.empty() ? 0 : 1);
}

}  // namespace

std::optional<std::string> AuthorityMaker::start(Made made) {
  const auto reason = [] { return std::generic_category().message(errno); };
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return reason();
  child_ = ::fork();
  if (child_ == 0) make_and_exit(ends[1]);
  auto wrong = reason();
  ::close(ends[1]);
  boost::system::error_code error;
  if (child_ > 0) from_child_.assign(ends[0], error);
  if (error) wrong = error.message();
  if (child_ < 0 || error) {
    ::close(ends[0]);
    end();
    return wrong;
  }
  made_ = std::move(made);
  read();
  return std::nullopt;
}

void AuthorityMaker::read() {
  from_child_.async_read_some(boost::asio::buffer(buffer_),
                              [this](boost::system::error_code error, std::size_t size) {
                                if (error == boost::asio::error::operation_aborted) return;
                                pem_.append(buffer_.data(), size);
                                if (!error) return read();
                                end();
                                std::exchange(made_, nullptr)(std::exchange(pem_, {}));
                              });
}

void AuthorityMaker::stop() {
  if (child_ > 0) ::kill(child_, SIGKILL);
  end();
}

void AuthorityMaker::end() {
  boost::system::error_code ignored;
  from_child_.close(ignored);
  if (child_ > 0) ::waitpid(child_, nullptr, 0);
  child_ = -1;
}

}  // namespace emulator
