// TLS in the server itself, against OpenSSL's client.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "fakes/temporary_folder.h"
#include "loopback.h"

namespace dossier::http {
namespace {

// A key and a certificate it signed itself, in a folder of their own.
class identity {
 public:
  identity() {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* made = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), 0);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_set_pubkey(made, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(made));
    X509_sign(made, key, EVP_sha256());
    write(key_file(),
          [&](FILE* file) { PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr); });
    write(certificate_file(), [&](FILE* file) { PEM_write_X509(file, made); });
    X509_free(made);
    EVP_PKEY_free(key);
  }
  std::string key_file() const { return (folder_.path() / "key.pem").string(); }
  std::string certificate_file() const { return (folder_.path() / "certificate.pem").string(); }

 private:
  static void write(const std::string& path, const std::function<void(FILE*)>& print) {
    FILE* file = std::fopen(path.c_str(), "w");
    print(file);
    std::fclose(file);
  }
  fakes::temporary_folder folder_;
};

class tls_client {
 public:
  tls_client(std::uint16_t port, int newest_version)
      : tcp_(port), context_(SSL_CTX_new(TLS_client_method())), tls_(nullptr) {
    SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_, newest_version);
    SSL_CTX_set_security_level(context_, 0);
    const unsigned char protocols[] = "\x02h2\x08http/1.1";
    SSL_CTX_set_alpn_protos(context_, protocols, sizeof(protocols) - 1);
    tls_ = SSL_new(context_);
    SSL_set_fd(tls_, tcp_.descriptor());
    connected_ = SSL_connect(tls_) == 1;
  }
  ~tls_client() {
    SSL_free(tls_);
    SSL_CTX_free(context_);
  }
  tls_client(const tls_client&) = delete;
  tls_client& operator=(const tls_client&) = delete;

  bool connected() const { return connected_; }
  std::string protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(tls_, &name, &size);
    return {reinterpret_cast<const char*>(name), size};
  }
  std::string exchange(std::string_view bytes) {
    SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()));
    std::string all;
    char buffer[16 * 1024];
    for (int count; (count = SSL_read(tls_, buffer, sizeof(buffer))) > 0;) {
      all.append(buffer, static_cast<std::size_t>(count));
    }
    return all;
  }

 private:
  raw_client tcp_;
  SSL_CTX* context_;
  SSL* tls_;
  bool connected_ = false;
};

TEST(tls, serves_over_it_and_chooses_http_1_1) {
  identity own;
  test_server server({}, own.certificate_file(), own.key_file());
  for (int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    tls_client client(server.port(), version);
    ASSERT_TRUE(client.connected());
    EXPECT_EQ(client.protocol(), "http/1.1");
    auto seen = client.exchange(get("/file") + get("/hello", "Connection: close\r\n"));
    EXPECT_GT(seen.size(), 1'000'000U);
    EXPECT_TRUE(seen.ends_with("hello"));
  }
}

TEST(tls, refuses_versions_before_1_2) {
  identity own;
  test_server server({}, own.certificate_file(), own.key_file());
  EXPECT_FALSE(tls_client(server.port(), TLS1_1_VERSION).connected());
}

TEST(tls, closes_a_connection_that_does_not_speak_it) {
  identity own;
  test_server server({}, own.certificate_file(), own.key_file());
  raw_client client(server.port());
  client.send(get("/hello"));
  EXPECT_EQ(client.receive_all().find("HTTP/1.1"), std::string::npos);
}

TEST(tls, says_which_file_is_wrong) {
  identity own, other;
  test_server answers;
  auto message = [&](std::string certificate, std::string key) {
    server_settings settings;
    settings.port = 0;
    settings.certificate_file = certificate;
    settings.key_file = key;
    auto made = server::listen(settings, answers, {});
    return made ? std::string("listens") : made.error().message;
  };
  EXPECT_NE(message("/nowhere.pem", own.key_file()).find("/nowhere.pem"), std::string::npos);
  EXPECT_NE(message(own.certificate_file(), "/nowhere.pem").find("/nowhere.pem"), std::string::npos);
  EXPECT_NE(message(own.certificate_file(), other.key_file()).find(other.key_file()), std::string::npos);
  EXPECT_NE(message(own.certificate_file(), "").find("both"), std::string::npos);
}

}  // namespace
}  // namespace dossier::http
