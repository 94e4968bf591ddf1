// AT+QHTTPCFG, QHTTPURL, QHTTPGET, QHTTPGETEX, QHTTPPOST, QHTTPPOSTFILE, QHTTPREAD, QHTTPREADFILE,
// QHTTPSTOP, and QHTTPPUT and QHTTPPATCH of sibling modules (data services 8): declarations, and
// the handlers that turn arguments into calls on the HttpSession. Owned by the Modem.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "data_services/http/http_session.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace data_services {

class Qhttp {
 public:
  static constexpr std::size_t key_count = 16;

  explicit Qhttp(HttpSession& session) : session_(session) {}

  static const std::array<at::Command<Qhttp>, 8>& commands();
  static const std::array<at::Command<Qhttp>, 4>& sibling_commands();
  /// The keys of QHTTPCFG, in the order of its `=?`, and behind them those that it leaves out.
  static const std::array<at::Command<Qhttp>, key_count>& config_commands();
  /// What is set; a response that waits is gone.
  void snapshot(at::Memo& memo);

 private:
  using Args = at::Args;
  using Call = at::Call;
  using Outcome = at::Outcome;

  Outcome show_all();
  Outcome configure(const Args& args);
  Outcome url_key(const Args& args);
  Outcome add_field(const Args& args);
  Outcome remove_field(const Args& args);
  Outcome pass_over(const Args& args);
  Outcome reset_settings();

  Outcome url_range();
  Outcome show_url();
  Outcome url(const Args& args);
  Outcome get(const Call& call);
  Outcome get_part(const Call& call);
  Outcome post(const Call& call);
  Outcome put(const Call& call);
  Outcome patch(const Call& call);
  Outcome post_file(const Call& call);
  Outcome put_file(const Call& call);
  Outcome patch_file(const Call& call);
  Outcome read(const Call& call);
  Outcome read_file(const Call& call);
  Outcome stop();

  Outcome send(const Call& call, std::string_view result, std::string method);
  Outcome send_file(const Call& call, std::string_view result, std::string method);
  [[nodiscard]] HttpSession::Request file_request(std::string method, const std::string& name,
                                                  std::string content) const;

  HttpSession& session_;
  std::string remembered_file_;  // of QHTTPPOSTFILE, until one is sent with it
};

}  // namespace data_services
