// AT+QSSLCFG: the keys of the six SSL contexts, set and asked for one by one. What is set here is
// looked at when a connection is opened, not before: a missing file shows then. Owned by the Modem.
#pragma once

#include "at_engine/command.hpp"
#include "ssl_ctx/contexts.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace ssl_ctx {

class Qssl {
 public:
  static constexpr std::size_t key_count = 21;

  explicit Qssl(Contexts& contexts) : contexts_(contexts) {}

  /// The keys in the order of `=?`, and last the second spelling "session", which it leaves out.
  static const std::array<at::Command<Qssl>, key_count>& commands();

 private:
  using Args = at::Args;
  using Outcome = at::Outcome;

  /// The name of a key as a template argument.
  template <std::size_t size>
  struct Key {
    constexpr Key(const char (&literal)[size]) { std::copy_n(literal, size, text.begin()); }
    constexpr operator std::string_view() const { return {text.data(), size - 1}; }
    std::array<char, size> text{};
  };

  /// A key with one number, a flag included.
  template <Key key, auto member>
  Outcome value(const Args& args);

  /// A key with one file name.
  template <Key key, auto member>
  Outcome path(const Args& args);

  Outcome ciphersuite(const Args& args);
  Outcome clientkey(const Args& args);
  Outcome psk(const Args& args);
  Outcome alpn(const Args& args);

  template <Key key, auto member>
  static constexpr at::Command<Qssl> number_row(at::Param param, std::string_view summary);
  template <Key key, auto member>
  static constexpr at::Command<Qssl> path_row(std::string_view param, std::string_view summary);

  [[nodiscard]] Settings& context(const Args& args) { return contexts_[args.number(0)]; }

  Contexts& contexts_;
};

}  // namespace ssl_ctx
