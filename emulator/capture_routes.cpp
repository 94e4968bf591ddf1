#include "emulator/capture_routes.hpp"

#include "capture/pcapng.hpp"
#include "emulator/line_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include <boost/asio/steady_timer.hpp>

namespace emulator {
namespace {

/// Sends a file of pcapng blocks, as long as it was when it began, and only blocks that are whole:
/// the file grows meanwhile. Kept by the route, until its stream has ended.
class BlockSender : public std::enable_shared_from_this<BlockSender> {
 public:
  /// Bytes that are read at once: more than the longest block, which has options beside its packet.
  static constexpr std::size_t portion = 2 * capture::max_captured;

  BlockSender(const std::string& path, std::shared_ptr<control::Stream> stream)
      : file_(path, std::ios::binary), stream_(std::move(stream)) {
    std::error_code gone;
    left_ = std::filesystem::file_size(path, gone);
    if (gone) left_ = 0;
  }

  /// `ended` is told when there is no more to send, or nobody to send it to.
  void start(const std::function<void()>& ended) {
    ended_ = ended;
    stream_->on_drained([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->send();
    });
    stream_->on_closed(ended);
    send();
  }

 private:
  void send() {
    auto read = rest_.size();
    rest_.resize(read + static_cast<std::size_t>(std::min<std::uint64_t>(portion, left_)));
    file_.read(rest_.data() + read, static_cast<std::streamsize>(rest_.size() - read));
    const auto got = static_cast<std::size_t>(file_.gcount());
    left_ -= std::min<std::uint64_t>(got, left_);
    rest_.resize(read + got);
    const auto whole = whole_blocks();
    if (whole > 0) stream_->write(rest_.substr(0, whole));
    rest_.erase(0, whole);
    if (whole > 0 && left_ > 0) return;
    stream_->close();
    ended_();
  }

  /// Bytes of `rest_` that are whole blocks.
  [[nodiscard]] std::size_t whole_blocks() const {
    constexpr std::size_t least = 12;
    std::size_t at = 0;
    while (rest_.size() - at >= least) {
      std::uint32_t length = 0;
      std::memcpy(&length, rest_.data() + at + sizeof length, sizeof length);
      if (length < least || length > rest_.size() - at) break;
      at += length;
    }
    return at;
  }

  std::ifstream file_;
  std::shared_ptr<control::Stream> stream_;
  std::uint64_t left_ = 0;
  std::string rest_;
  std::function<void()> ended_;
};

using BlockSenders = std::set<std::shared_ptr<BlockSender>>;

void send(const std::string& path, std::shared_ptr<control::Stream> stream,
          const std::shared_ptr<BlockSenders>& senders) {
  const auto sender = std::make_shared<BlockSender>(path, std::move(stream));
  senders->insert(sender);
  sender->start([all = std::weak_ptr(senders), one = std::weak_ptr(sender)] {
    if (const auto kept = all.lock()) kept->erase(one.lock());
  });
}

}  // namespace

control::Routes capture_routes(boost::asio::io_context& io, std::optional<std::string> path) {
  // What was shown before the question is on the disk by then.
  static constexpr auto pause = LineFile::gather * 3;
  control::Route route;
  route.path = "/v1/capture";
  route.id = "getCapture";
  route.summary = "What --capture has written so far, as pcapng: AT channels and packets";
  control::Outcome file{200, "Whole blocks"};
  file.content_type = "application/x-pcapng";
  route.outcomes = {std::move(file)};
  const auto senders = std::make_shared<BlockSenders>();
  route.handler = [&io, senders, path = std::move(path)](const control::Call&,
                                                         const control::Responder& responder) {
    std::error_code unknown;
    if (!path)
      return responder.problem({404, "there is no capture: start the program with --capture FILE"});
    if (!std::filesystem::is_regular_file(*path, unknown))
      return responder.problem({404, "the capture goes to something that is no file"});
    const auto timer = std::make_shared<boost::asio::steady_timer>(io, pause);
    timer->async_wait([timer, file = *path, responder, senders](boost::system::error_code) {
      send(file, responder.stream("application/x-pcapng"), senders);
    });
  };
  return {std::move(route)};
}

}  // namespace emulator
