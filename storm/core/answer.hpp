// What one line of a modem means to a host that uses client 0: a result code, a result URC, a
// message, or nothing that it waits for. Free function, used by the Host.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace storm {

struct Answer {
  enum class Kind : std::uint8_t {
    ok,
    error,  // also with a number, +CME ERROR
    ready,  // the module has started
    open,   // +QMTOPEN: 0,...
    connect,
    subscribe,
    publish,
    status,
    disconnect,
    close,
    message,  // +QMTRECV with a payload
    other
  };
  static constexpr std::size_t max_values = 4;

  Kind kind = Kind::other;
  /// Of a URC the numbers behind the client's index; further ones are left out.
  std::array<int, max_values> values{};
  std::size_t count = 0;
  std::string_view topic{};  // of a message, as is
  std::string_view payload{};
};

/// Another client's URC, one without a number where the kind has one, and an echoed command are
/// `other`. Topic and payload point into `line`.
[[nodiscard]] Answer read_answer(std::string_view line);

}  // namespace storm
