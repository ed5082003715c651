#include "pump/distcc/prediction.h"

#include <gtest/gtest.h>

namespace pump::distcc {
namespace {

NameDigest digest_of(const std::vector<std::string>& names) {
  NameDigest digest;
  for (const std::string& name : names) digest.add(name);
  return digest;
}

TEST(NameDigest, DoesNotDependOnTheOrder) {
  EXPECT_EQ(digest_of({"a.cc", "b.h", "c.h"}), digest_of({"c.h", "a.cc", "b.h"}));
  EXPECT_EQ(digest_of({}), NameDigest());
}

TEST(NameDigest, DependsOnEachName) {
  const NameDigest digest = digest_of({"a.cc", "b.h"});
  for (const auto& other : std::vector<std::vector<std::string>>{{},
                                                                 {"a.cc"},
                                                                 {"b.h"},
                                                                 {"a.cc", "b.h", "c.h"},
                                                                 {"a.cc", "b.h", "b.h"},
                                                                 {"a.c", "cb.h"},
                                                                 {"a.cc", "../b.h"}})
    EXPECT_NE(digest, digest_of(other));
}

TEST(NameDigest, CompilersLeaveOutDotsAtTheBeginning) {
  EXPECT_EQ(digest_of({"./a.cc", ".//inc/b.h", "././c.h"}), digest_of({"a.cc", "inc/b.h", "c.h"}));
  EXPECT_NE(digest_of({"inc/./b.h"}), digest_of({"inc/b.h"}));
  EXPECT_NE(digest_of({".a"}), digest_of({"a"}));
}

TEST(Prediction, ComesBack) {
  Prediction prediction;
  prediction.exact = true;
  prediction.edited = true;
  prediction.uses_date = true;
  prediction.shortened = {{"../s/t/../x.h", "/s/x.h"}, {"../s/./y.h", "/s/y.h"}};
  prediction.all = digest_of({"a.cc", "/usr/include/x.h"});
  prediction.user = digest_of({"a.cc"});
  prediction.compiler = "GCC: (Debian 12.2.0-14) 12.2.0";
  prediction.precompiled_header = "inc/x.h.gch";
  prediction.shows_names = "inc/x.h:7: __PRETTY_FUNCTION__";
  const std::string bytes = encode(prediction) + "rest";
  std::string_view reply = bytes;
  const auto taken = take_prediction(reply);
  ASSERT_TRUE(taken);
  EXPECT_TRUE(taken->exact);
  EXPECT_TRUE(taken->edited);
  EXPECT_TRUE(taken->uses_date);
  EXPECT_EQ(taken->all, prediction.all);
  EXPECT_EQ(taken->user, prediction.user);
  EXPECT_EQ(taken->compiler, prediction.compiler);
  EXPECT_EQ(taken->precompiled_header, prediction.precompiled_header);
  EXPECT_EQ(taken->shows_names, prediction.shows_names);
  ASSERT_EQ(taken->shortened.size(), 2U);
  EXPECT_EQ(taken->shortened[1].on_host, "../s/./y.h");
  EXPECT_EQ(taken->shortened[1].here, "/s/y.h");
  EXPECT_EQ(reply, "rest");
}

TEST(Prediction, BytesAreAsDocumented) {
  EXPECT_EQ(encode(Prediction{false, {}, {}, "x", "y", "z"}),
            "PRED00000000DGST00000000DGST00000000DGST00000000DGST00000000"
            "DGST00000000DGST00000000DGST00000000DGST00000000COMP00000001xPREC00000001ySHOW00000001z");
  EXPECT_TRUE(encode(Prediction{true, {}, {}, "x", ""}).starts_with("PRED00000001"));
  EXPECT_TRUE(encode(Prediction{false, {}, {}, "x", "", "", true}).starts_with("PRED00000002"));
}

TEST(Prediction, OtherBytesAreNone) {
  const std::string good = encode(Prediction{true, digest_of({"a"}), digest_of({"a"}), "GCC", "a.gch"});
  for (std::size_t size = 0; size < good.size(); ++size) {
    std::string_view reply(good.data(), size);
    EXPECT_FALSE(take_prediction(reply)) << size;
  }
}

TEST(PredictedFiles, ComeBack) {
  const PredictedFiles files{
      true, {{"/p/a.cc", true, false}, {"/usr/x.h", true, true}, {"/p/probed.h", false, false}}};
  const std::string bytes = encode(files) + "rest";
  std::string_view reply = bytes;
  const auto taken = take_predicted_files(reply);
  ASSERT_TRUE(taken);
  EXPECT_TRUE(taken->exact);
  ASSERT_EQ(taken->files.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(taken->files[i].path, files.files[i].path);
    EXPECT_EQ(taken->files[i].entered, files.files[i].entered);
    EXPECT_EQ(taken->files[i].system, files.files[i].system);
  }
  EXPECT_EQ(reply, "rest");
}

TEST(PredictedFiles, OtherBytesAreNone) {
  for (const std::string_view bad :
       {"", "ARGC00000000", "FILE0000000X", "FILE00000001READ00000001",
        "FILE00000001READ00000001NAME00000003/a", "FILE00000001READ0000000ZNAME00000000"}) {
    std::string_view reply = bad;
    EXPECT_FALSE(take_predicted_files(reply)) << bad;
  }
}

}  // namespace
}  // namespace pump::distcc
