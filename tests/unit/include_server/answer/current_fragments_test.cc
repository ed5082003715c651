#include "pump/include_server/answer/current_fragments.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace pump::include_server {
namespace {

class CurrentFragmentsTest : public testing::Test {
 protected:
  static constexpr std::uint64_t kMost = 50;
  CurrentFragments current_{kMost};
};

TEST_F(CurrentFragmentsTest, StayUntilTheyAreFull) {
  const Copies first = current_.get();
  ASSERT_TRUE(first.fragments);
  EXPECT_FALSE(first.mirror);
  ASSERT_TRUE(first.fragments->link("/a", "b"));
  EXPECT_EQ(current_.get().fragments, first.fragments);
  EXPECT_EQ(current_.get().epoch, first.epoch);
  EXPECT_EQ(current_.bytes(), first.fragments->bytes());
  ASSERT_LT(first.fragments->bytes(), kMost);
  ASSERT_TRUE(first.fragments->link("/b", "c"));
  ASSERT_GE(first.fragments->bytes(), kMost);
  const Copies second = current_.get();
  EXPECT_NE(second.fragments, first.fragments);
  EXPECT_NE(second.epoch, first.epoch);
  EXPECT_EQ(current_.bytes(), 0U);
}

TEST_F(CurrentFragmentsTest, WhoHoldsTheOldFileKeepsItsBytes) {
  const int file = ::dup(current_.get().fragments->fd());
  const auto extent = current_.get().fragments->link("/a", "b");
  ASSERT_TRUE(current_.get().fragments->link("/b", "c"));
  EXPECT_EQ(current_.get().fragments->bytes(), 0U);
  char bytes[64] = {};
  EXPECT_EQ(::pread(file, bytes, extent->size, extent->offset), static_cast<ssize_t>(extent->size));
  EXPECT_STREQ(bytes, "NAME00000002/aLINK00000001b");
  ::close(file);
}

TEST_F(CurrentFragmentsTest, AfterAFailureTheyAreDroppedOnce) {
  const Copies failed = current_.get();
  EXPECT_FALSE(current_.drop(failed)) << "nothing is in them";
  ASSERT_TRUE(failed.fragments->link("/a", "b"));
  EXPECT_TRUE(current_.drop(failed));
  const Copies next = current_.get();
  EXPECT_NE(next.fragments, failed.fragments);
  EXPECT_TRUE(current_.drop(failed)) << "another thread has dropped them";
  EXPECT_EQ(current_.get().fragments, next.fragments);
}

TEST_F(CurrentFragmentsTest, WithoutADescriptorThereAreNoneForTheMoment) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  const Copies copies = current_.get();
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_FALSE(copies.fragments);
  EXPECT_TRUE(current_.get().fragments);
}

}  // namespace
}  // namespace pump::include_server
