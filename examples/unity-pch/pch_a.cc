#include <cstring>

#include "common.h"

int pch_a() {
  return kOne + static_cast<int>(std::strlen("a"));
}
