// Certificates for tests: an authority of the test's own, and what it signs, in a temporary folder.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <string>

#include "fakes/temporary_folder.h"

namespace dossier::fakes {

class authority {
 public:
  explicit authority(const std::string& name = "an authority")
      : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
    fill(certificate_, key_, name, 3600);
    add(certificate_, NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate_, key_, EVP_sha256());
    write(file(), certificate_, nullptr);
  }
  ~authority() {
    X509_free(certificate_);
    EVP_PKEY_free(key_);
  }
  authority(const authority&) = delete;
  authority& operator=(const authority&) = delete;

  std::string file() const { return (folder_.path() / "authority.pem").string(); }

  struct identity {
    std::string certificate_file;
    std::string key_file;
  };
  // Valid until so many seconds from now; negative: expired.
  identity sign(const std::string& host, long seconds = 3600) {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* made = X509_new();
    fill(made, key, host, seconds);
    add(made, NID_subject_alt_name, ("DNS:" + host).c_str());
    X509_set_issuer_name(made, X509_get_subject_name(certificate_));
    X509_sign(made, key_, EVP_sha256());
    const auto place = folder_.path() / ("signed-" + std::to_string(++signed_));
    identity files{place.string() + ".pem", place.string() + ".key"};
    write(files.certificate_file, made, nullptr);
    write(files.key_file, nullptr, key);
    X509_free(made);
    EVP_PKEY_free(key);
    return files;
  }

 private:
  void fill(X509* made, EVP_PKEY* key, const std::string& name, long seconds) {
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial_);
    X509_gmtime_adj(X509_getm_notBefore(made), seconds < 0 ? 2 * seconds : -60);
    X509_gmtime_adj(X509_getm_notAfter(made), seconds);
    X509_set_pubkey(made, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(made));
  }
  static void add(X509* to, int what, const char* value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
    X509_add_ext(to, extension, -1);
    X509_EXTENSION_free(extension);
  }
  static void write(const std::string& path, X509* certificate, EVP_PKEY* key) {
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "w"), &std::fclose);
    if (certificate != nullptr) PEM_write_X509(file.get(), certificate);
    if (key != nullptr) PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  }

  temporary_folder folder_;
  EVP_PKEY* key_;
  X509* certificate_;
  int signed_ = 0;
  long serial_ = 0;
};

}  // namespace dossier::fakes
