// Why an FTP operation failed, by the numbers of `+CME ERROR` and of the result lines (data
// services 9). Pure.
#pragma once

namespace data_services {

enum class FtpError {
  none = 0,
  unknown = 601,
  busy = 603,
  dns_failed = 604,
  network = 605,
  control_closed = 606,
  data_closed = 607,
  timed_out = 609,
  invalid_parameter = 610,
  file_open_failed = 611,
  file_position = 612,
  file_failed = 613,
  service_unavailable = 614,
  data_open_failed = 615,
  transfer_aborted = 616,
  file_action_not_taken = 617,
  local_error = 618,
  no_space = 619,
  syntax = 620,
  parameter_syntax = 621,
  not_implemented = 622,
  bad_sequence = 623,
  parameter_not_implemented = 624,
  not_logged_in = 625,
  account_needed = 626,
  not_taken = 627,
  page_type = 628,
  aborted = 629,
  bad_file_name = 630,
  tls_failed = 631,
};

constexpr int code(FtpError error) { return static_cast<int>(error); }

/// Of a server's reply; `none` for one that is no refusal.
constexpr FtpError error_of_reply(int reply) {
  constexpr int first_refusal = 400;
  if (reply < first_refusal) return FtpError::none;
  switch (reply) {
    case 421:
      return FtpError::service_unavailable;
    case 425:
      return FtpError::data_open_failed;
    case 426:
      return FtpError::transfer_aborted;
    case 450:
      return FtpError::file_action_not_taken;
    case 451:
      return FtpError::local_error;
    case 452:
      return FtpError::no_space;
    case 500:
      return FtpError::syntax;
    case 501:
      return FtpError::parameter_syntax;
    case 502:
      return FtpError::not_implemented;
    case 503:
      return FtpError::bad_sequence;
    case 504:
      return FtpError::parameter_not_implemented;
    case 530:
      return FtpError::not_logged_in;
    case 532:
      return FtpError::account_needed;
    case 550:
      return FtpError::not_taken;
    case 551:
      return FtpError::page_type;
    case 552:
      return FtpError::aborted;
    case 553:
      return FtpError::bad_file_name;
    default:
      return FtpError::unknown;
  }
}

/// How an operation ended; `reply` is the one that decided it, 0 where none did.
struct FtpResult {
  FtpError error = FtpError::none;
  int reply = 0;

  [[nodiscard]] bool is_ok() const { return error == FtpError::none; }
};

}  // namespace data_services
