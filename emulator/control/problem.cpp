#include "emulator/control/problem.hpp"

#include <boost/beast/http/status.hpp>

namespace emulator::control {

std::string reason(int status) {
  return boost::beast::http::obsolete_reason(
      boost::beast::http::int_to_status(static_cast<unsigned>(status)));
}

nlohmann::json document(const Problem& problem) {
  nlohmann::json json = problem.more;
  json["type"] = "about:blank";
  json["title"] = reason(problem.status);
  json["status"] = problem.status;
  json["detail"] = problem.detail;
  if (!problem.field.empty()) json["field"] = problem.field;
  return json;
}

std::string to_text(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace emulator::control
