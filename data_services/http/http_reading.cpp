// What becomes of the body of a response: it goes to the host (QHTTPREAD), into a file
// (QHTTPREADFILE), or is told by itself ("rspout/auto").
#include "data_services/http/http_session.hpp"

#include <utility>

#include <fmt/format.h>

namespace data_services {

using at::Outcome;

/// Whatever the host sends meanwhile is lost; "+++" ends it for good (HTTP-60).
class HttpSession::ToHost : public at::Online,
                            public BodySink,
                            public std::enable_shared_from_this<ToHost> {
 public:
  ToHost(HttpSession& session, at::Asker asker, at::Duration gap)
      : session_(session), asker_(asker), gap_(gap) {}

  void connected(at::OnlineChannel& channel) override {
    channel_ = &channel;
    session_.read_into(shared_from_this(), gap_, [this](HttpError error) { finish(error); });
  }
  void receive(std::string_view) override {}
  void suspended() override {
    const auto life = shared_from_this();
    channel_->finish(Outcome::ok());
    leave();
  }
  void hung_up() override { leave(); }
  void drained() override { session_.exchange_.go_on(); }

  [[nodiscard]] std::size_t room() override { return channel_->room(); }
  void take(std::string_view bytes) override { channel_->transmit(bytes); }

 private:
  void finish(HttpError error) {
    const auto life = shared_from_this();
    std::exchange(channel_, nullptr)->finish(Outcome::ok());
    session_.speaker_.result(asker_, fmt::format("+QHTTPREAD: {}", code(error)));
  }
  void leave() {
    const auto life = shared_from_this();
    channel_ = nullptr;
    session_.stop();
  }

  HttpSession& session_;
  at::Asker asker_;
  at::Duration gap_;
  at::OnlineChannel* channel_ = nullptr;
};

/// Keeps at most what the flash has room for.
class HttpSession::ToFile : public BodySink {
 public:
  ToFile(std::size_t most, std::function<void()> too_much)
      : most_(most), too_much_(std::move(too_much)) {}

  [[nodiscard]] std::size_t room() override { return HttpExchange::window; }
  void take(std::string_view bytes) override {
    if (content_.size() + bytes.size() > most_) return too_much_();
    content_ += bytes;
  }
  [[nodiscard]] const std::string& content() const { return content_; }

 private:
  std::size_t most_;
  std::function<void()> too_much_;
  std::string content_;
};

/// Keeps one piece, and takes more once the host has been told it.
class HttpSession::ToUrcs : public BodySink, public std::enable_shared_from_this<ToUrcs> {
 public:
  static constexpr std::size_t max_piece = 1500;  // bytes

  explicit ToUrcs(HttpSession& session)
      : session_(session), claim_(session.speaker_.claim()), timer_(session.world_.timeline) {}

  [[nodiscard]] std::size_t room() override { return max_piece - piece_.size(); }
  void take(std::string_view bytes) override {
    piece_ += bytes;
    if (!telling_.expired()) return;
    const auto self = shared_from_this();
    // Lets go of itself: what it deletes with is kept for as long as `telling_` looks at the line.
    const auto told = [owner = shared_from_this()](at::LateLine* line) mutable {
      const auto kept = std::exchange(owner, nullptr);
      static_cast<void>(line->text());
      delete line;
      // Not from inside of what the terminal says.
      kept->timer_.start({}, [weak = kept->weak_from_this()] {
        if (const auto alive = weak.lock()) alive->session_.exchange_.go_on();
      });
    };
    const std::shared_ptr<at::LateLine> line(new at::LateLine([self] { return self->text(); }),
                                             told);
    telling_ = line;
    session_.world_.announce.announce_late("+QHTTPURC: \"recv\"", line);
  }

 private:
  [[nodiscard]] std::string text() {
    const auto piece = std::exchange(piece_, {});
    if (!claim_.holds()) return {};
    return fmt::format("+QHTTPURC: \"recv\",{}\r\n{}", piece.size(), piece);
  }

  HttpSession& session_;
  at::Ground::Claim claim_;
  at::Timer timer_;
  std::string piece_;
  std::weak_ptr<at::LateLine> telling_;
};

std::optional<HttpError> HttpSession::unreadable() {
  if (settings_.prints_response) return HttpError::no_request;
  if (const auto why = obstacle()) return why;
  if (!unread_) return HttpError::no_request;
  return std::nullopt;
}

void HttpSession::read_into(std::shared_ptr<BodySink> sink, at::Duration gap,
                            HttpExchange::Done done) {
  stage_ = Stage::reading;
  unread_ = false;
  exchange_.read(std::move(sink), settings_.response_head, gap,
                 [this, done = std::move(done)](HttpError error) {
                   stage_ = Stage::idle;
                   done(error);
                 });
}

Outcome HttpSession::read(at::Asker asker, at::Duration gap) {
  if (const auto why = unreadable()) return Outcome::cme(code(*why));
  auto host = std::make_shared<ToHost>(*this, asker, gap);
  data_phase_ = host;
  return Outcome::online(std::move(host));
}

Outcome HttpSession::read_file(at::Asker asker, const std::string& name, at::Duration gap) {
  if (!world_.files.is_name(name)) return Outcome::cme(code(HttpError::parameter));
  if (const auto why = unreadable()) return Outcome::cme(code(*why));
  const auto tell = [this, asker](HttpError error) {
    speaker_.result(asker, fmt::format("+QHTTPREADFILE: {}", code(error)));
  };
  const auto no_room = [this, tell] {
    stop();
    tell(HttpError::no_memory);
  };
  const auto file = std::make_shared<ToFile>(world_.files.room_for(name).value_or(0), no_room);
  read_into(file, gap, [this, tell, name, file](HttpError error) {
    if (error == HttpError::none && !world_.files.room_for(name)) error = HttpError::no_memory;
    if (error == HttpError::none && !world_.files.replace(name, file->content()))
      error = HttpError::no_memory;
    tell(error);
  });
  return Outcome::ok();
}

void HttpSession::print() {
  constexpr at::Duration gap = std::chrono::seconds(60);
  read_into(std::make_shared<ToUrcs>(*this), gap, [](HttpError) {});
}

}  // namespace data_services
