#include "base/sha256.h"

#include <gtest/gtest.h>

namespace dossier::base {
namespace {

// FIPS 180-4's examples.
constexpr const char* of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(sha256, follows_the_test_vectors) {
  EXPECT_EQ(to_hex(sha256_of("")), of_nothing);
  EXPECT_EQ(to_hex(sha256_of("abc")), of_abc);
  EXPECT_EQ(to_hex(sha256_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(sha256, does_not_mind_how_the_bytes_are_split) {
  const std::string text(1000, 'x');
  for (const std::size_t piece : {1u, 7u, 64u, 999u}) {
    sha256 hash;
    for (std::size_t i = 0; i < text.size(); i += piece) hash.update(std::string_view(text).substr(i, piece));
    EXPECT_EQ(hash.finish(), sha256_of(text));
  }
}

TEST(digest, is_read_back_from_hex_in_either_case) {
  EXPECT_EQ(digest_from_hex(of_abc), sha256_of("abc"));
  std::string upper(of_abc);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(digest_from_hex(upper), sha256_of("abc"));
  EXPECT_FALSE(digest_from_hex("ba78"));
  EXPECT_FALSE(digest_from_hex(std::string(64, 'g')));
}

}  // namespace
}  // namespace dossier::base
