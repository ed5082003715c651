#include "common.h"

int unity_c() { return kOne; }
