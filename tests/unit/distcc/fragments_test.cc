#include "pump/distcc/fragments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pump::distcc {
namespace {

using testing::ElementsAre;

TEST(FragmentList, IsInTheOrderOfTheOffsets) {
  const FragmentList list = make_fragment_list({"/a", "/b", "/c"}, {{50, 5}, {10, 5}, {30, 5}});
  EXPECT_THAT(list.names, ElementsAre("/a", "/b", "/c"));
  EXPECT_THAT(list.extents, ElementsAre(Extent{10, 5}, Extent{30, 5}, Extent{50, 5}));
}

TEST(FragmentList, NeighboursAreOneExtent) {
  const FragmentList list = make_fragment_list({}, {{20, 5}, {10, 10}, {26, 4}, {25, 1}, {31, 1}});
  EXPECT_THAT(list.extents, ElementsAre(Extent{10, 20}, Extent{31, 1}));
}

TEST(FragmentList, BytesAreAsDocumented) {
  EXPECT_EQ(encode_fragment_list({{"/a.lzo", ""}, {{16, 0xABCD}}}),
            "FRAG00000002NAME00000006/a.lzoNAME00000000PART00000001OFFS00000010SIZE0000abcd");
}

TEST(FragmentList, ComesBack) {
  const FragmentList list{{"/a", "/b", "/c"}, {{0, 1}, {0xFFFFFF00, 0xFF}}};
  const std::string bytes = encode_fragment_list(list) + "rest";
  std::string_view reply = bytes;
  const auto taken = take_fragment_list(reply);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->names, list.names);
  EXPECT_EQ(taken->extents, list.extents);
  EXPECT_EQ(reply, "rest");
}

TEST(FragmentList, OtherBytesAreNone) {
  const std::string good = encode_fragment_list({{"/a", "/b"}, {{16, 4}, {32, 4}}});
  for (std::size_t size = 0; size < good.size(); ++size) {
    std::string_view reply(good.data(), size);
    EXPECT_FALSE(take_fragment_list(reply)) << size;
  }
  for (const std::string_view bad :
       {"ARGC00000000",
        "FRAG00000001NAME00000002/aPART00000002OFFS00000010SIZE00000004OFFS00000020SIZE00000004",
        "FRAGffffffffPARTffffffff", "FRAG00000001NAMEffffffff/a",
        "FRAG00000001NAME00000002/aPART00000001SIZE00000010OFFS00000004", "FRAG0000000XPART00000000"}) {
    std::string_view reply = bad;
    EXPECT_FALSE(take_fragment_list(reply)) << bad;
  }
}

}  // namespace
}  // namespace pump::distcc
