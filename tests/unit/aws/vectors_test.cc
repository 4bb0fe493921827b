// AWS's own test suite for Signature Version 4 (vectors/, see its NOTICE), every case of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "aws/signing/signing.h"

namespace dossier::aws {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view folder = DOSSIER_SOURCE_DIR "/tests/unit/aws/vectors";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  std::erase(text, '\r');
  return text;
}

// "%E1%88%B4" → its bytes: the suite gives some queries encoded, some not.
std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      plain += static_cast<char>(std::stoi(std::string(text.substr(at + 1, 2)), nullptr, 16));
      at += 2;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

void read_query(std::string_view text, request& into) {
  while (!text.empty()) {
    const auto one = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    const auto equals = std::min(one.find('='), one.size());
    into.query.push_back({decoded(one.substr(0, equals)),
                          equals < one.size() ? decoded(one.substr(equals + 1)) : std::string()});
  }
}

// The request line's target stands between the method and the last space: it may hold spaces itself.
request read_request(const std::string& text) {
  request made{.what = {.service = "service"}, .where = {.region = "us-east-1"}};
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  made.method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  made.path = target.substr(0, target.find('?'));
  if (made.path.size() < target.size())
    read_query(std::string_view(target).substr(made.path.size() + 1), made);
  while (std::getline(lines, line) && !line.empty()) {
    const auto colon = line.find(':');
    if (line.front() == ' ') {
      made.headers.back().value += '\n' + line;  // folded
    } else {
      made.headers.push_back({line.substr(0, colon), line.substr(colon + 1)});
    }
  }
  made.body = text_body({std::istreambuf_iterator<char>(lines), {}});
  return made;
}

std::vector<std::string> cases() {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".req") found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

class aws_vectors : public testing::TestWithParam<std::string> {};

TEST_P(aws_vectors, are_signed_alike) {
  const fs::path path = GetParam();
  const auto beside = [&](std::string_view extension) {
    return read(fs::path(path).replace_extension(extension));
  };
  auto what = read_request(read(path));
  const auto expected = beside(".creq");
  // Some cases sign a token that is not yet among the headers.
  const std::string token = "\nx-amz-security-token:";
  if (const auto at = expected.find(token); at != std::string::npos && !what.headers.empty() &&
                                            find_header(what.headers, "x-amz-security-token") == nullptr) {
    const auto value = expected.substr(at + token.size());
    what.headers.push_back({"X-Amz-Security-Token", value.substr(0, value.find('\n'))});
  }
  const credentials who{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
  const base::time_point when{std::chrono::sys_days{std::chrono::August / 30 / 2015} +
                              std::chrono::hours(12) + std::chrono::minutes(36)};
  const auto steps = sign_exactly(what, who, when);
  EXPECT_EQ(steps.canonical_request, expected);
  EXPECT_EQ(steps.string_to_sign, beside(".sts"));
  EXPECT_EQ(steps.authorization, beside(".authz"));
}

INSTANTIATE_TEST_SUITE_P(all, aws_vectors, testing::ValuesIn(cases()), [](const auto& of) {
  auto name = fs::path(of.param).stem().string();
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(aws_vectors_folder, holds_the_whole_suite) {
  EXPECT_EQ(cases().size(), 34u);
}

}  // namespace
}  // namespace dossier::aws
