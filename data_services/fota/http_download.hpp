// A download by HTTP or HTTPS, with its redirects: an exchange of its own, apart from the session
// of AT+QHTTP* (FOTA-1). Owned by the Fota.
#pragma once

#include "data_services/fota/download.hpp"
#include "data_services/http/http_exchange.hpp"
#include "data_services/http/http_url.hpp"
#include "data_services/service_world.hpp"

#include <string>

namespace data_services {

class HttpDownload : public Download {
 public:
  HttpDownload(const ServiceWorld& world, HttpUrl url, Order order);

 private:
  class Sink;

  void reach();
  void ask();
  void answered();
  void read();
  void end(End end) { order_.done(end); }
  /// Goes on when nothing is wrong.
  [[nodiscard]] HttpExchange::Done then(void (HttpDownload::*next)());
  void complete() { end(End::complete); }

  const ServiceWorld& world_;
  HttpUrl url_;
  Order order_;
  int redirects_ = 0;
  HttpExchange exchange_;
};

}  // namespace data_services
