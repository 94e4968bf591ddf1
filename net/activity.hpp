// What is going on at real sockets, for whoever moves the clock: no timer may pass by an answer
// that is under way. Shared by everything of a program that asks anybody outside; io thread only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <utility>

namespace net {

class Activity {
 public:
  /// Something that asks, for as long as it lives.
  class Source {
   public:
    explicit Source(std::shared_ptr<Activity> activity) : activity_(std::move(activity)) {
      activity_->sources_.insert(this);
    }
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    /// An answer that can still come has not come yet.
    [[nodiscard]] virtual bool under_way() = 0;

   protected:
    ~Source() { activity_->sources_.erase(this); }
    [[nodiscard]] Activity& activity() const { return *activity_; }

   private:
    std::shared_ptr<Activity> activity_;
  };

  [[nodiscard]] bool under_way() const {
    return std::any_of(sources_.begin(), sources_.end(),
                       [](Source* source) { return source->under_way(); });
  }

  /// Something came or went, or an answer is under way no more.
  void stir() { ++stirs_; }
  /// How often that was.
  [[nodiscard]] std::uint64_t stirs() const { return stirs_; }

 private:
  std::set<Source*> sources_;
  std::uint64_t stirs_ = 0;
};

}  // namespace net
