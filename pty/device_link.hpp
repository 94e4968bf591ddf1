// The symbolic link under which a host finds a pseudo-terminal: made without overwriting anything
// that lives, removed only while it is still ours. Used by PtyPort.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>

namespace pty {

/// The first of these directories that can be written, where null and empty names are none; /tmp
/// when there is none. A container may have nothing but /dev/shm.
[[nodiscard]] std::string first_writable(std::initializer_list<const char*> places);

/// A name that no other port of any process has, in the first of $XDG_RUNTIME_DIR, /tmp, $TMPDIR
/// and /dev/shm that can be written.
[[nodiscard]] std::string unique_link_path();

/// Makes `link` point to `device`. A link that points to nothing, or already to `device`, was left
/// behind and is replaced; anything else that exists is an error, returned as one line.
[[nodiscard]] std::optional<std::string> make_link(const std::string& device,
                                                   const std::string& link);

/// Removes `link` if it still points to `device`.
void remove_link(const std::string& device, const std::string& link);

}  // namespace pty
