#include "emulator/control/routes_snapshot.hpp"

#include "emulator/control/http_limits.hpp"
#include "emulator/snapshot/snapshot.hpp"

#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace emulator::control {
namespace {

using nlohmann::json;
using Kind = snapshot::Refusal::Kind;

constexpr std::string_view about_busy =
    "Something is under way: the detail says what; so is a modem that boots";

Problem problem_of(const snapshot::Refusal& refusal) {
  const auto status = [&] {
    switch (refusal.kind) {
      case Kind::busy:
        return 409;
      case Kind::other_kind:
        return 422;
      case Kind::damaged:
        return 400;
      case Kind::full:
        return 507;
    }
    return 500;
  };
  const bool names_itself = refusal.kind == Kind::damaged && !refusal.field.empty();
  return {status(),
          names_itself ? fmt::format("{} {}", refusal.field, refusal.detail) : refusal.detail,
          refusal.field};
}

Schema document(const char* about) {
  return open_object({{"format", one_of({std::string(snapshot::format)}), true},
                      {"version", text(1, 16).described("MAJOR.MINOR"), true}})
      .described(about);
}

/// A document that could not come back is not given out.
void save(ControlledModem& modem, const Responder& responder) {
  if (const auto what = modem.injector().busy()) return responder.problem({409, *what});
  const auto saved = snapshot::save(modem.modem(), modem.imei());
  if (const auto* refusal = std::get_if<snapshot::Refusal>(&saved))
    return responder.problem(problem_of(*refusal));
  auto text = to_text(std::get<json>(saved));
  constexpr auto most = HttpLimits{}.body;
  if (text.size() <= most) return responder.text(200, "application/json", std::move(text));
  const auto bytes =
      std::accumulate(modem.files().begin(), modem.files().end(), std::size_t{0},
                      [](std::size_t sum, const auto& file) { return sum + file.second; });
  responder.problem({409, fmt::format("the snapshot would have {} bytes, of which files are {} "
                                      "(as Base64 {}); {} fit",
                                      text.size(), bytes, (bytes + 2) / 3 * 4, most)});
}

}  // namespace

Routes snapshot_routes(const Fleet& fleet) {
  auto get = modem_route(Method::get, "/snapshot", "getSnapshot",
                         "The modem at rest, to be restored later");
  get.outcomes = {{200, "All that it is", document("Its members are for PUT alone")},
                  {409, std::string(about_busy)}};
  get.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call&, const Responder& responder) {
        modem.run([&] { save(modem, responder); });
      });
  auto put = modem_route(Method::put, "/snapshot", "putSnapshot",
                         "Makes the modem as it was when that was saved");
  put.body = document("What GET gave");
  put.outcomes = {{204, "The modem is as it was; nothing was set off"},
                  {409, std::string(about_busy)},
                  {422, "Of another major version, or of another model"},
                  {507, "The module's flash does not take it; nothing has changed"}};
  put.handler =
      for_modem(fleet, [](ControlledModem& modem, const Call& call, const Responder& responder) {
        modem.run([&] {
          if (const auto what = modem.injector().busy()) return responder.problem({409, *what});
          if (const auto refusal = snapshot::restore(modem.modem(), call.body))
            return responder.problem(problem_of(*refusal));
          note(modem, call);
          responder.no_content();
        });
      });
  return {std::move(get), std::move(put)};
}

}  // namespace emulator::control
