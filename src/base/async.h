// The vocabulary for waiting. Light on purpose: it names Asio's awaitable and pulls in no I/O.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace dossier {

namespace asio = boost::asio;

template <class T>
using awaitable = boost::asio::awaitable<T>;

}  // namespace dossier
