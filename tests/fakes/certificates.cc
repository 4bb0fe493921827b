#include "fakes/certificates.h"

#include <cstdio>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace dossier::fakes {
namespace {

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using certificate_pointer = std::unique_ptr<X509, decltype(&X509_free)>;
using file_pointer = std::unique_ptr<FILE, int (*)(FILE*)>;

file_pointer open_file(const std::filesystem::path& path, const char* mode) {
  file_pointer file(std::fopen(path.c_str(), mode), &std::fclose);
  if (!file) throw std::runtime_error("cannot open " + path.string());
  return file;
}

certificate_pointer start(EVP_PKEY* key, const std::string& name, long from, long to) {
  static long serial = 0;
  certificate_pointer made(X509_new(), &X509_free);
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), from);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), to);
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return made;
}

void extend(X509* made, int which, const std::string& value) {
  X509_EXTENSION* one = X509V3_EXT_conf_nid(nullptr, nullptr, which, value.c_str());
  X509_add_ext(made, one, -1);
  X509_EXTENSION_free(one);
}

void write(const certificate_files& to, EVP_PKEY* key, X509* made) {
  PEM_write_PrivateKey(open_file(to.key, "w").get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_X509(open_file(to.certificate, "w").get(), made);
}

}  // namespace

certificate_authority::certificate_authority(std::filesystem::path folder, std::string name)
    : folder_(std::move(folder)),
      name_(std::move(name)),
      own_{folder_ / (name_ + ".pem"), folder_ / (name_ + "-key.pem")} {
  const key_pointer key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const auto made = start(key.get(), name_, -3600, 3600);
  extend(made.get(), NID_basic_constraints, "critical,CA:TRUE");
  X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
  X509_sign(made.get(), key.get(), EVP_sha256());
  write(own_, key.get(), made.get());
}

certificate_files certificate_authority::issue(const std::string& file_name, const std::string& host,
                                               long seconds) const {
  const key_pointer signer(PEM_read_PrivateKey(open_file(own_.key, "r").get(), nullptr, nullptr, nullptr),
                           &EVP_PKEY_free);
  const certificate_pointer issuer(
      PEM_read_X509(open_file(own_.certificate, "r").get(), nullptr, nullptr, nullptr), &X509_free);
  const key_pointer key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const auto made = start(key.get(), host, seconds < 0 ? seconds - 3600 : -60, seconds);
  extend(made.get(), NID_subject_alt_name, "DNS:" + host);
  X509_set_issuer_name(made.get(), X509_get_subject_name(issuer.get()));
  X509_sign(made.get(), signer.get(), EVP_sha256());
  const certificate_files files{folder_ / (file_name + ".pem"), folder_ / (file_name + "-key.pem")};
  write(files, key.get(), made.get());
  return files;
}

}  // namespace dossier::fakes
