// What services need of the cellular side: a packet data context to go through. A service takes a
// lease on one and is told when it goes; nobody keeps a list of services. Implemented by the device
// model (Pdp).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cellular {

/// A context in use. Ends by itself; an empty one stands for a context that could not be had.
class Lease {
 public:
  Lease() = default;

  explicit operator bool() const { return hold_ != nullptr; }

  /// The context (1-15), 0 when empty.
  [[nodiscard]] int cid() const { return hold_ ? hold_->cid : 0; }

  void end() { hold_.reset(); }

 private:
  friend class Bearer;
  struct Hold {
    int cid;
    std::function<void()> lost;
  };
  explicit Lease(std::shared_ptr<Hold> hold) : hold_(std::move(hold)) {}

  std::shared_ptr<Hold> hold_;
};

class Bearer {
 public:
  virtual ~Bearer() = default;

  /// Context `cid` (1-15), activated if it is not active; an empty lease when that cannot be.
  /// `lost` is called once if the context goes before the lease ends.
  [[nodiscard]] Lease lease(int cid, std::function<void()> lost);

  /// As lease(), of a context that is active, and is not made more active by it.
  [[nodiscard]] Lease hold(int cid, std::function<void()> lost);

  /// Addresses of the DNS servers that the host has set for context `cid` (1-15), the first one
  /// first; none: the network's own are used.
  [[nodiscard]] virtual std::vector<std::string> chosen_name_servers(int cid) const = 0;

 protected:
  /// Activates the context and lets the TCP/IP layer use it. False when that cannot be.
  [[nodiscard]] virtual bool bring_up(int cid) = 0;

  [[nodiscard]] bool is_leased(int cid) const;

  /// Context `cid` is gone: everybody who has a lease on it hears so, in the order of the leases.
  void context_lost(int cid);

 private:
  std::vector<std::weak_ptr<Lease::Hold>> holds_;
};

}  // namespace cellular
