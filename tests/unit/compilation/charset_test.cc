#include "pump/compilation/charset.h"

#include <gtest/gtest.h>

namespace pump::compilation {
namespace {

TEST(Charset, IsKnownInAnySpelling) {
  for (const char* name : {"UTF-8", "utf8", "utf_8", "ASCII", "US-ASCII", "ANSI_X3.4-1968"})
    EXPECT_TRUE(is_utf8(name)) << name;
  for (const char* name : {"latin1", "UTF-16", "IBM1047", ""}) EXPECT_FALSE(is_utf8(name)) << name;
  for (const char* name : {"latin1", "ISO-8859-15", "cp1252", "KOI8-R", "UTF-8"})
    EXPECT_TRUE(is_ascii_compatible(name)) << name;
  for (const char* name : {"UTF-16", "IBM1047", "SHIFT_JIS", ""})
    EXPECT_FALSE(is_ascii_compatible(name)) << name;
}

}  // namespace
}  // namespace pump::compilation
