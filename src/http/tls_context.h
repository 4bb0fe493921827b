// TLS for the server: version 1.2 and later, HTTP/1.1 by ALPN.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace boost::asio::ssl {
class context;
}

namespace dossier::http {

struct free_tls_context {
  void operator()(boost::asio::ssl::context* context) const;
};
using tls_context = std::unique_ptr<boost::asio::ssl::context, free_tls_context>;

// Error: invalid; the message names the file and says what is wrong with it.
base::result<tls_context> make_tls_context(const std::string& certificate_file, const std::string& key_file);

}  // namespace dossier::http
