// The basic commands of V.250 and the error reporting of 27.007: E Q V X Z &F &W &V &C &D S3 S4 S5
// +CMEE and the empty AT. One for each terminal, since they set its channel. Owned by the Modem.
// Manual chapter 2.
#pragma once

#include "at_engine/channel.hpp"
#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace at::families {

class V250 {
 public:
  /// Settings that this channel shares with others, and the channel whose profile has them.
  struct Shared {
    std::string profile;
    std::vector<ProfilePart*> parts;
  };

  /// `name` is the channel's in the store; `parts` are further settings of &F, &W and Z, as are
  /// those of `shared`. `also_factory` resets what &F alone covers, or is false when that cannot be
  /// stored and &F is to change nothing. `lines_changed` hears of another &C.
  V250(std::string name, Channel& channel, ProfileStore& store, std::vector<ProfilePart*> parts,
       Shared shared = {}, std::function<bool()> also_factory = {},
       std::function<void()> lines_changed = {});

  /// Factory settings, then the stored profile, as at a power-on; of the channel alone, which may
  /// open while others are in use.
  void restore();

  /// The settings of the channel.
  void snapshot(Memo& memo);

  static const std::array<Command<V250>, 14>& commands();

 private:
  Outcome echo(const Args& args);
  Outcome quiet(const Args& args);
  Outcome verbose(const Args& args);
  Outcome result_set(const Args& args);
  Outcome reset(const Args& args);
  Outcome factory(const Args& args);
  Outcome store_profile(const Args& args);
  Outcome view();
  Outcome dcd(const Args& args);
  Outcome dtr(const Args& args);
  Outcome set_s3(const Args& args);
  Outcome get_s3();
  Outcome set_s4(const Args& args);
  Outcome get_s4();
  Outcome set_s5(const Args& args);
  Outcome get_s5();
  Outcome error_mode(const Args& args);
  Outcome get_error_mode();

  void factory_settings();

  std::string name_;
  Channel& channel_;
  ProfileStore& store_;
  std::vector<ProfilePart*> parts_;
  Shared shared_;
  std::function<bool()> also_factory_;
  std::function<void()> lines_changed_;
};

}  // namespace at::families
