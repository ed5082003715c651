#include "common.h"

int unity_b() { return kOne; }
