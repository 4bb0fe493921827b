// The names that all coroutines use: awaitable and asio. This header includes no I/O, so it compiles fast.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace dossier {

namespace asio = boost::asio;

template <class T>
using awaitable = boost::asio::awaitable<T>;

}  // namespace dossier
