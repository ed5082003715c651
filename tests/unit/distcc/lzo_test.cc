#include "pump/distcc/lzo.h"

#include <gtest/gtest.h>

#include <random>

namespace pump::distcc {
namespace {

constexpr std::size_t kMany = 64U << 20U;

std::string packed(const std::string& bytes) {
  return lzo_compress(bytes).value();
}

std::string noise(std::size_t size) {
  std::mt19937 random(1);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

TEST(Lzo, DecompressesWhatItCompressed) {
  for (const std::string& bytes :
       {std::string(), std::string("x"), std::string(3'000'000, 'a'), noise(100'000)})
    EXPECT_EQ(lzo_decompress(packed(bytes), kMany).value(), bytes) << bytes.size();
}

TEST(Lzo, NoBlockIsLongerThanTheStatedMost) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1000}, std::size_t{1'000'000}})
    EXPECT_LE(packed(noise(size)).size(), lzo_most_compressed(size)) << size;
}

TEST(Lzo, RefusesMoreBytesThanAllowed) {
  const std::string bytes(100'000, 'a');
  EXPECT_TRUE(lzo_decompress(packed(bytes), bytes.size()));
  const auto more = lzo_decompress(packed(bytes), bytes.size() - 1);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, EFBIG);
}

TEST(Lzo, RefusesDamagedBlocks) {
  const std::string good = packed("int main() { return 0; }\n");
  EXPECT_FALSE(lzo_decompress("", kMany));
  EXPECT_FALSE(lzo_decompress(good.substr(0, good.size() - 1), kMany));
  EXPECT_FALSE(lzo_decompress(good + "x", kMany));
  EXPECT_FALSE(lzo_decompress(noise(1000), kMany));
}

}  // namespace
}  // namespace pump::distcc
