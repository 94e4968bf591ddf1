// The settings of one AT channel: echo, framing, error reporting. Each port has its own. Also what
// AT&W stores: a profile of named numbers, kept by a ProfileStore.
#pragma once

#include "at_engine/param.hpp"

#include <map>
#include <optional>
#include <string>

namespace at {

/// Settings of V.250 and 27.007 with their factory values (AT&F).
struct Channel {
  bool echo = true;     // E
  bool quiet = false;   // Q
  bool verbose = true;  // V
  int result_set = 4;   // X: 0-4
  int dcd = 1;          // &C: 0,1
  int dtr = 2;          // &D: 0-2
  int cmee = 1;         // +CMEE: 0-2
  char s3 = '\r';       // line end, 0-127
  char s4 = '\n';       // second character of the framing, 0-127
  char s5 = '\b';       // backspace, 0-127
};

/// What AT&W stores: setting name ("E", "+CREG") to value.
using Profile = std::map<std::string, int>;
using Profiles = std::map<std::string, Profile>;  // by channel

/// A setting of a profile; `otherwise` when it is not there, or not what `range` admits.
inline int stored_value(const Profile& profile, const std::string& name, const Param& range,
                        int otherwise) {
  const auto found = profile.find(name);
  return found != profile.end() && range.admits(found->second) ? found->second : otherwise;
}

/// The module's flash as AT&W and ATZ see it. One profile a channel.
class ProfileStore {
 public:
  virtual ~ProfileStore() = default;
  [[nodiscard]] virtual std::optional<Profile> load(const std::string& channel) = 0;
  /// Stores these in place of what their channels had: all of them, or none and false.
  [[nodiscard]] virtual bool save(const Profiles& changes) = 0;

  /// All that is stored, and something else in its place.
  [[nodiscard]] virtual const Profiles& all_profiles() const = 0;
  [[nodiscard]] virtual bool replace_profiles(const Profiles& profiles) = 0;
};

/// Settings outside the channel that AT&W, ATZ and AT&F cover too (+CREG and its like).
class ProfilePart {
 public:
  virtual ~ProfilePart() = default;
  virtual void store(Profile& profile) const = 0;
  virtual void restore(const Profile& profile) = 0;
  virtual void factory() = 0;
};

}  // namespace at
