// A home folder, a transport and a clock for finding credentials; nothing comes from this machine.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "aws/credentials/default_credentials.h"
#include "aws/transport/curl_transport.h"
#include "fakes/manual_clock.h"
#include "fakes/run.h"
#include "fakes/temporary_folder.h"
#include "scripted_transport.h"
#include "variables.h"

namespace dossier::aws {

inline constexpr const char* as_json =
    R"({"Code":"Success","AccessKeyId":"JSON","SecretAccessKey":"s","Token":"t",
                                    "Expiration":"2027-01-01T00:00:00Z"})";
inline constexpr const char* as_xml =
    "<AssumeRoleResponse "
    "xmlns=\"x\"><AssumeRoleResult><Credentials><AccessKeyId>XML</AccessKeyId><SecretAccessKey>s"
    "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2027-01-01T00:00:00Z</Expiration></"
    "Credentials>"
    "</AssumeRoleResult></AssumeRoleResponse>";

class aws_credentials : public testing::Test {
 protected:
  // The access key, or the code of the error.
  std::string key(values given) {
    // Nothing comes from this machine.
    given.try_emplace("HOME", folder_.path().string());
    given.try_emplace("AWS_REGION", "eu-central-1");
    given.try_emplace("AWS_EC2_METADATA_DISABLED", "true");
    const auto all = load_settings(variables(given));
    if (!all) return all.error().message;
    const auto provider = default_credentials(*all, transport(), clock_);
    auto found = fakes::run_sync(provider->get());
    name_ = provider->name();
    if (!found) return found.error().code;
    found_ = *found;
    return found->access_key;
  }
  std::string file(const std::string& name, std::string_view text) {
    const auto path = folder_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }
  transport& transport() { return scripted_ ? static_cast<aws::transport&>(*scripted_) : curl_; }
  void answers(scripted_transport::script each) {
    scripted_ = std::make_unique<scripted_transport>(std::move(each));
  }

  fakes::temporary_folder folder_;
  fakes::manual_clock clock_;  // 2026-01-01
  curl_transport curl_;
  std::unique_ptr<scripted_transport> scripted_;
  credentials found_;
  std::string name_;
};

}  // namespace dossier::aws
