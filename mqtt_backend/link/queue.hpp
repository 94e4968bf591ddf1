// The queue of the link's parts, of which an idle client has seven: it takes no memory until
// something is put into it, and little then; one of the standard library takes 576 bytes at once.
#pragma once

#include <cstddef>

#include <boost/container/deque.hpp>

namespace mqtt_backend {

inline constexpr std::size_t queue_block_bytes = 128;

template <class Value>
using Queue = boost::container::deque<
    Value, void,
    boost::container::deque_options_t<boost::container::block_bytes<queue_block_bytes>>>;

}  // namespace mqtt_backend
