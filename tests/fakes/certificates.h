// Certificates made for a test: an authority, and what it signs, as PEM files in a folder.
#pragma once

#include <filesystem>
#include <string>

namespace dossier::fakes {

struct certificate_files {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

class certificate_authority {
 public:
  // Writes NAME.pem and NAME-key.pem.
  certificate_authority(std::filesystem::path folder, std::string name);

  std::filesystem::path certificate() const { return own_.certificate; }
  // For this DNS name, good for so many seconds from now; negative: it ended that long ago.
  certificate_files issue(const std::string& file_name, const std::string& host, long seconds = 3600) const;

 private:
  std::filesystem::path folder_;
  std::string name_;
  certificate_files own_;
};

}  // namespace dossier::fakes
