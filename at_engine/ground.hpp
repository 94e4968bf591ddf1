// What a deferred action stands on. A family owns a Ground and revokes it when its state ends
// (reset, card out, context lost); an action that was given a claim on it is then not run.
#pragma once

#include <memory>
#include <utility>

namespace at {

class Ground {
 public:
  class Claim {
   public:
    /// True until the ground is revoked or its owner is gone.
    [[nodiscard]] bool holds() const { return !token_.expired(); }

   private:
    friend class Ground;
    explicit Claim(const std::shared_ptr<int>& token) : token_(token) {}
    std::weak_ptr<int> token_;
  };

  [[nodiscard]] Claim claim() const { return Claim(token_); }

  /// Every claim so far fails from now on.
  void revoke() { token_ = std::make_shared<int>(); }

 private:
  std::shared_ptr<int> token_ = std::make_shared<int>();
};

/// `f`, which does nothing once the ground is gone. For answers that come from outside.
template <class F>
[[nodiscard]] auto while_holds(Ground::Claim claim, F f) {
  return [claim = std::move(claim), f = std::move(f)](const auto&... values) {
    if (claim.holds()) f(values...);
  };
}

}  // namespace at
