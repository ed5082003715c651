#include <cstring>

#include "common.h"

int pch_b() {
  return kOne + static_cast<int>(std::strlen("b"));
}
