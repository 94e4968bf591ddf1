#include "data_services/fota/http_download.hpp"

#include "data_services/http/http_request.hpp"
#include "data_services/http/http_session.hpp"

#include <memory>
#include <utility>

namespace data_services {

class HttpDownload::Sink : public BodySink {
 public:
  explicit Sink(HttpDownload& download) : download_(download) {}

  [[nodiscard]] std::size_t room() override { return HttpExchange::window; }
  void take(std::string_view bytes) override {
    if (download_.order_.take(bytes)) return;
    download_.exchange_.cut();
    download_.end(End::refused);
  }

 private:
  HttpDownload& download_;
};

HttpDownload::HttpDownload(const ServiceWorld& world, HttpUrl url, Order order)
    : world_(world), url_(std::move(url)), order_(std::move(order)), exchange_(world, [] {}) {
  reach();
}

HttpExchange::Done HttpDownload::then(void (HttpDownload::*next)()) {
  return [this, next](HttpError error) {
    if (error == HttpError::none) return (this->*next)();
    end(End::failed);
  };
}

void HttpDownload::reach() {
  const auto ssl_ctx = url_.secure ? std::optional(order_.ssl_ctx) : std::nullopt;
  exchange_.connect({url_.host, url_.port, ssl_ctx, order_.cid}, "+QFOTADL",
                    then(&HttpDownload::ask));
}

void HttpDownload::ask() {
  exchange_.ask(compose({"GET"}, url_, {}, user_agent(world_.knobs)), order_.patience,
                then(&HttpDownload::answered));
}

// reading: a server that is at fault itself (5xx) is asked again, one that has no such package is
// not
void HttpDownload::answered() {
  constexpr int ok = 200;
  const auto& head = exchange_.head();
  if (head.status == ok) return read();
  const auto target = is_redirection(head.status) && head.location
                          ? resolve_url(url_, *head.location)
                          : std::nullopt;
  constexpr int first_server_error = 500;
  if (head.status >= first_server_error) return end(End::failed);
  if (!target || ++redirects_ > HttpSession::max_redirects) return end(End::refused);
  url_ = *target;
  reach();
}

void HttpDownload::read() {
  exchange_.read(std::make_shared<Sink>(*this), false, order_.patience,
                 then(&HttpDownload::complete));
}

}  // namespace data_services
