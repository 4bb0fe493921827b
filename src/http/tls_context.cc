#include "http/tls_context.h"

#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>

namespace dossier::http {
namespace {

using boost::asio::ssl::context;

constexpr unsigned char offered[] = "\x08http/1.1";

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned in_size, void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, offered, sizeof(offered) - 1, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

std::unexpected<base::error> file_error(std::string_view what, const std::string& file,
                                        const boost::system::error_code& failed) {
  return base::fail(base::error_code::invalid,
                    "The " + std::string(what) + " " + file + " cannot be used: " + failed.message() + ".");
}

}  // namespace

void free_tls_context::operator()(context* made) const {
  delete made;
}

base::result<tls_context> make_tls_context(const std::string& certificate_file, const std::string& key_file) {
  if (certificate_file.empty() || key_file.empty()) {
    return base::fail(base::error_code::invalid, "TLS needs both a certificate file and a key file.");
  }
  tls_context made(new context(context::tls_server));
  made->set_options(context::default_workarounds | context::no_sslv2 | context::no_sslv3 | context::no_tlsv1 |
                    context::no_tlsv1_1 | context::no_compression);
  boost::system::error_code failed;
  made->use_certificate_chain_file(certificate_file, failed);
  if (failed) return file_error("certificate", certificate_file, failed);
  made->use_private_key_file(key_file, context::pem, failed);
  if (failed) return file_error("key", key_file, failed);
  SSL_CTX* native = made->native_handle();
  if (SSL_CTX_check_private_key(native) != 1) {
    return base::fail(
        base::error_code::invalid,
        "The key " + key_file + " does not belong to the certificate " + certificate_file + ".");
  }
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
  return made;
}

}  // namespace dossier::http
