#include "data_services/fota/fota_commands.hpp"

#include "at_engine/cme.hpp"

#include <utility>

namespace data_services {
namespace {

using at::number;
using at::Outcome;

constexpr std::int64_t max_url = 255;
constexpr int no_such_file = 405;

}  // namespace

const std::array<at::Command<Qfotadl>, 1>& Qfotadl::commands() {
  static constexpr std::array<at::Command<Qfotadl>, 1> table{{
      {.name = "+QFOTADL",
       .params = {at::text("url", 1, max_url), at::choice("auto_reset", {0, 1}).optional(),
                  number("timeout", 1, 120).optional(), number("retries", 1, 24).optional(),
                  number("interval", 1, 120).optional()},
       .write = &Qfotadl::update,
       .bad_param = at::BadParam::cme,
       .section = "11.2",
       .summary = "Update the firmware from a URL (http, https, ftp, ftps) or a file of the flash"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

// reading: what is not given is as fwupd counts on it: the module restarts by itself
// reading: a file that is not there is refused at once, as by the commands for files
// reading: a second one while one is under way is not allowed (3) and changes nothing
Outcome Qfotadl::update(const at::Args& args) {
  auto source = parse_source(args.text(0), fota_.files());
  if (!source) return Outcome::cme(at::cme::incorrect_parameters);
  if (fota_.is_busy()) return Outcome::cme(at::cme::not_allowed);
  Fota::Order order{*std::move(source)};
  order.automatic = args.number_or(1, 1) == 1;
  const auto seconds = [&](std::size_t i, at::Duration usual) {
    return args.given(i) ? std::chrono::seconds(args.number(i)) : usual;
  };
  order.patience = seconds(2, order.patience);
  order.retries = args.number_or(3, order.retries);
  order.interval = seconds(4, order.interval);
  if (!fota_.begin(std::move(order))) return Outcome::cme(no_such_file);
  return Outcome::ok();
}

}  // namespace data_services
